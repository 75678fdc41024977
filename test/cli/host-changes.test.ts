import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses, uplink } from "../support/lab/lab.js";
import { namespaceOf, settleHook, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const hook = resolve("share/hooks/tsd-follow");
/** Addresses at the two ends of a second wire. */
const second = { host: "192.0.2.2", internet: "192.0.2.1" };

const parameter = (name: string) => lab().host.mustRun(["sysctl", "--values", name]);
const forwarding = async (link: string) => (await parameter(`net.ipv4.conf.${link}.forwarding`)).trim();

async function addWire(name: string, mtu = 1500): Promise<void> {
  const { host, internet } = lab();
  await host.ip(
    `link add ${name} mtu ${mtu} type veth peer name far mtu ${mtu} netns ${basename(internet.path)}`,
    `address add ${second.host}/24 dev ${name}`,
    `link set ${name} up`,
  );
  await internet.ip(`address add ${second.internet}/24 dev far`, "link set far up");
}

/** Two networks, and a container on the first that serves its port 80. */
async function begin(): Promise<() => Promise<void>> {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "-o", "name=br9", "net"]);
  await host.mustTsd(["network", "create", "--subnet", "10.71.0.1/24", "-o", "mtu=1300", "other"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "8080:80", "busybox", "sleep", "600"]);
  const server = await serveEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: "0.0.0.0", port: 80 });
  return async () => {
    await server.close();
    await host.mustTsd(["rm", "-f", "web"]);
    await host.mustTsd(["network", "prune", "--force"]);
  };
}

/** What calls web from the internet, and what web calls there, see of each other at the ends of that wire. */
async function expectTraffic(at: { readonly host: string; readonly internet: string }): Promise<void> {
  const { host, internet } = lab();
  await host.mustTsd(["exec", "web", "ping", "-c", "1", "-W", "2", at.internet]);
  expect(await askEcho(internet, { protocol: "tcp", address: at.host, port: 8080 })).toBe(at.internet);
}

test("the way out moves to another, narrower interface, back to the first under another name, and is gone", async () => {
  const { host } = lab();
  const end = await begin();
  await addWire("up1", 1400);
  await host.ip(`link set ${uplink} down`, `route replace default via ${second.internet}`);
  const told = (await host.tsd(["check"])).stdout;
  for (const name of ["net", "other"]) {
    const what = "uplink up1 is new, and does not serve it; the way out has MTU 1400 in place of 1500";
    expect(told).toContain(`network ${name}: ${what}\n`);
  }
  expect(await host.mustTsd(["explain", "web", `${second.internet}:80`]).catch(String)).toMatch(
    /up1 does not forward IPv4 packets(.|\n)*tsd reload/,
  );
  await expectTraffic(second);
  expect(await host.tsd(["check"])).toMatchObject({ code: 0, stdout: "" });
  const inside = await namespaceOf(lab(), "web");
  for (const [where, link] of [
    [host, "br9"],
    [inside, "eth0"],
  ] as const)
    expect(await where.mustRun(["ip", "link", "show", link])).toContain("mtu 1400");

  await host.ip("link delete up1", `link set ${uplink} name lan9`, "link set lan9 up");
  await host.ip(`route add default via ${addresses.internet}`);
  expect(await host.tsd(["reload"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("up1 is no uplink any more"),
  });
  await expectTraffic(addresses);
  expect(await inside.mustRun(["ip", "link", "show", "eth0"])).toContain("mtu 1500");

  // Its IPv6 address goes with it.
  await host.ip("link set lan9 down", `link set lan9 name ${uplink}`);
  await host.mustTsd(["reload"]);
  await host.ip(`address delete ${addresses.host}/24 dev ${uplink}`);
  await host.mustTsd(["run", "--rm", "--net", "net", "busybox", "true"]);
  expect(await forwarding(uplink)).toBe("0");
  await host.ip(
    `address add ${addresses.host}/24 dev ${uplink}`,
    `address add ${addresses.host6}/64 dev ${uplink} nodad`,
    `link set ${uplink} up`,
    `route add default via ${addresses.internet}`,
    `route add ::/0 via ${addresses.internet6} dev ${uplink}`,
  );
  await expectTraffic(addresses);
  await end();
}, 60_000);

test("an interface goes and comes back under its name, which the shipped script reports to tsd", async () => {
  const { host } = lab();
  await addWire("up1");
  const end = await begin();
  expect(await forwarding("up1")).toBe("1");
  await host.ip("link delete up1");
  await addWire("up1");
  expect(await forwarding("up1")).toBe("0");
  const env = { IFACE: "up1", TSD_ROOT: host.root, TSD_RUN: host.runDirectory };
  const path = `${resolve("bin")}:${process.env.PATH}`;
  expect(await host.run([hook], { env: { ...env, PATH: path } })).toMatchObject({ code: 0, stdout: "", stderr: "" });
  for (let tries = 0; tries < 600 && (await forwarding("up1")) === "0"; tries++)
    await new Promise((wake) => setTimeout(wake, 50));
  await settleHook(lab());
  await expectTraffic(second);
  await host.mustTsd(["network", "rm", "other"]);
  expect(await forwarding("up1")).toBe("1");
  await end();
  await host.ip("link delete up1");
  await host.mustTsd(["reload"]);
}, 60_000);

describe("the shipped script", () => {
  test.each<[string, readonly string[], Readonly<Record<string, string>>, number]>([
    ["networkd-dispatcher and ifupdown", [], { IFACE: "up9" }, 1],
    ["NetworkManager", ["up9", "up"], {}, 1],
    ["NetworkManager of a VPN", ["tun0", "vpn-up"], {}, 1],
    ["NetworkManager of what matters to nobody", ["up9", "connectivity-change"], {}, 0],
    ["a report of lo", ["lo", "up"], {}, 0],
    ["a report of a container's cable", [], { IFACE: "veth0123456789a" }, 0],
    ["a report of a bridge of ours", [], { IFACE: "br-0123456789ab" }, 0],
  ])("called by %s", async (_, words, env, calls) => {
    const directory = mkdtempSync("/run/hook-");
    writeFileSync(`${directory}/tsd`, `#!/bin/sh\necho "$@" >>${directory}/calls\n`);
    writeFileSync(`${directory}/calls`, "");
    chmodSync(`${directory}/tsd`, 0o755);
    const given = { PATH: `${directory}:${process.env.PATH}`, ...env };
    expect(await lab().host.run([hook, ...words], { env: given })).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const read = () => readFileSync(`${directory}/calls`, "utf8");
    for (let tries = 0; tries < 600 && calls > 0 && read() === ""; tries++)
      await new Promise((wake) => setTimeout(wake, 20));
    expect(read()).toBe("reload\n".repeat(calls));
    await settleHook(lab());
    rmSync(directory, { recursive: true });
  });
});
