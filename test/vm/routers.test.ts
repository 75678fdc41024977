import { basename, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Container } from "../../src/api/index.js";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { ethernet, ipv6 } from "../support/lab/frames.js";
import { addresses, uplink } from "../support/lab/lab.js";
import { Namespace } from "../support/lab/namespace.js";
import { useGuest } from "./guest.js";

const guest = useGuest();
const frames = resolve("test/support/lab/frames-process.mjs");

const parameter = async (key: string) => (await guest().host.mustRun(["sysctl", "--values", key])).trim();
/** What each uplink and the host as a whole are told (ip-sysctl). */
const facts = async (...links: readonly string[]) => ({
  forwarding: await parameter("net.ipv6.conf.all.forwarding"),
  heeds: await Promise.all(links.map((link) => parameter(`net.ipv6.conf.${link}.accept_ra`))),
});

/** The host's own default route is its router's word, as most hosts have it. */
beforeAll(async () => {
  // Who does not forward says so with each answer to a neighbour, and is believed.
  await guest().internet.mustRun(["sysctl", "--quiet", "--write", "net.ipv6.conf.all.forwarding=1"]);
  await guest().host.ip(`route delete ::/0 via ${addresses.internet6}`);
  await advertise();
  await guest().settle();
});

afterAll(async () => {
  await forgetRouter();
  await guest().host.ip(`route add ::/0 via ${addresses.internet6}`);
  await guest().settle();
});

test("the whole host forwards, keeps heeding routers, and follows its uplinks; with the last network all is as before", async () => {
  const { host, internet, library } = guest();
  // Where each interface can be told by itself (Linux 6.17), nothing of this is needed.
  expect(await host.run(["sysctl", "net.ipv6.conf.all.force_forwarding"])).toMatchObject({ code: 1 });
  expect(await facts(uplink)).toEqual({ forwarding: "0", heeds: ["1"] });
  await library.call(["networks", "create", { name: "net", subnets: ["10.30.0.1/24", "fd00:30::1/64"] }]);
  await library.call(["networks", "create", { name: "other", subnets: ["10.31.0.1/24", "fd00:31::1/64"] }]);
  const spec = { image: "busybox", name: "web", command: ["sleep", "600"], publish: ["8080:80"] };
  const web = await library.call([
    "containers",
    "runDetached",
    { ...spec, networks: [{ network: "net", address6: "fd00:30::9" }] },
  ]);
  const inside = Namespace.of((web as Container).pid ?? 0);
  expect(await facts(uplink)).toEqual({ forwarding: "1", heeds: ["2"] });
  expect(await router()).toContain("proto ra");

  await forgetRouter();
  expect(await router()).toBe("");
  await advertise();

  const outside = await serveEcho(internet, { protocol: "tcp", address: addresses.server6, port: 7 });
  expect(await askEcho(inside, { protocol: "tcp", address: addresses.server6, port: 7 }, 5000)).toBe(addresses.host6);
  await outside.close();
  const server = await serveEcho(inside, { protocol: "tcp", address: "::", port: 80 });
  const published = { protocol: "tcp", address: addresses.host6, port: 8080 } as const;
  expect(await askEcho(internet, published, 5000)).toBe(addresses.internet6);
  await server.close();

  await addWire();
  await library.call(["system", "reload"]);
  expect(await library.call(["system", "check"])).toEqual([]);
  expect(await facts(uplink, "up1")).toEqual({ forwarding: "1", heeds: ["2", "2"] });
  expect(await router()).toContain("proto ra");
  await host.ip("link delete up1");
  await library.call(["system", "reload"]);
  expect(await library.call(["system", "check"])).toEqual([]);
  expect(await facts(uplink)).toEqual({ forwarding: "1", heeds: ["2"] });

  await library.call(["containers", "remove", "web", { force: true }]);
  await library.call(["networks", "remove", "net"]);
  expect(await facts(uplink)).toEqual({ forwarding: "1", heeds: ["2"] });
  await library.call(["networks", "remove", "other"]);
  expect(await facts(uplink)).toEqual({ forwarding: "0", heeds: ["1"] });
  expect(await router()).toContain("proto ra");
});

/** The route that a router's word made. */
async function router(): Promise<string> {
  return await guest().host.mustRun(["ip", "-6", "route", "show", "default"]);
}

async function forgetRouter(): Promise<void> {
  await guest().host.mustRun(["ip", "-6", "route", "flush", "default", "proto", "ra"]);
}

/** The machine of the internet says that it is a router (RFC 4861 §4.2), and the host has taken its word. */
async function advertise(): Promise<void> {
  const { internet } = guest();
  const [link] = JSON.parse(
    await internet.mustRun(["ip", "-json", "address", "show", "dev", "wan0"]),
  ) as readonly Link[];
  const local = link?.addr_info.find(({ scope, family }) => scope === "link" && family === "inet6")?.local ?? "";
  // A hop limit of 64, no flags, half an hour.
  const body = "8600000040000708" + "0000000000000000";
  const frame = ethernet(link?.address ?? "", "33:33:00:00:00:01", "86dd", ipv6(local, "ff02::1", { body }));
  await internet.mustRun([process.execPath, frames, "send", "wan0", frame]);
  for (let tries = 0; tries < 50 && !(await router()).includes("proto ra"); tries++) await setTimeout(100);
  expect(await router()).toContain("proto ra");
}

interface Link {
  readonly address: string;
  readonly addr_info: readonly { readonly local: string; readonly scope: string; readonly family: string }[];
}

/** A second uplink that accepts router advertisements too. */
async function addWire(): Promise<void> {
  const { host, internet } = guest();
  await host.ip(
    `link add up1 type veth peer name far netns ${basename(internet.path)}`,
    "address add 2001:db8:52::2/64 dev up1 nodad",
    "link set up1 up",
  );
  await internet.ip("link set far up");
}
