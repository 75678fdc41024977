import { readlinkSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { inspect, namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
/** For a machine that is far slower than any. */
const patience = 180_000;
const detached = (name: string, ...flags: readonly string[]) =>
  lab().host.mustTsd(["run", "-d", "--name", name, ...flags, "busybox", "sleep", "600"]);
const namespace = async (name: string) => readlinkSync(`/proc/${(await inspect(lab(), name)).State.Pid}/ns/net`);
const inside = (name: string, ...words: readonly string[]) => lab().host.mustTsd(["exec", name, ...words]);
const ask = (port: number) => askEcho(lab().internet, { protocol: "tcp", address: addresses.host, port });

/** A container with all that it can have on a network, one that joins it, one that joins that, and a neighbour. */
async function shareAll(): Promise<void> {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.40.0.0/24", "net"]);
  await host.mustTsd(["network", "create", "--subnet", "10.41.0.0/24", "other"]);
  await detached("vpn", "--network", "name=net,ip=10.40.0.9,alias=gate", "-p", "8080:80", "-h", "site");
  await detached("app", "--net", "container:vpn");
  await detached("aside", "--net", "container:app");
  await detached("peer", "--net", "net");
}

async function removeAll(...names: readonly string[]): Promise<void> {
  const { host } = lab();
  await host.mustTsd(["rm", "-f", ...names]);
  for (const network of ["net", "other"]) await host.mustTsd(["network", "rm", network]);
}

test(
  "a container whose network others share comes back to it, with its ports, addresses, names and routes",
  async () => {
    const { host } = lab();
    await shareAll();
    const shared = await namespace("vpn");
    const facts = async () => [
      await namespace("vpn"),
      await inside("vpn", "sh", "-c", "cat /etc/hosts; ip -o address; ip route"),
      await inside("aside", "cat", "/etc/hosts"),
      await inside("peer", "cat", "/etc/hosts"),
      await host.mustTsd(["port", "vpn"]),
    ];
    const before = await facts();
    const server = await serveEcho(await namespaceOf(lab(), "app"), { protocol: "tcp", address: "0.0.0.0", port: 80 });
    await host.mustTsd(["restart", "-t", "0", "vpn"]);
    expect(await facts()).toEqual(before);
    expect(await ask(8080)).toBe(addresses.internet);
    await host.mustTsd(["stop", "-t", "0", "vpn"]);
    expect(await ask(8080)).toBe(addresses.internet);
    // Who joins it meanwhile, and who comes back to it, is in what is left of it.
    await host.mustTsd(["restart", "-t", "0", "app"]);
    await detached("late", "--net", "container:vpn");
    await host.mustTsd(["network", "connect", "other", "vpn"]);
    await host.mustTsd(["start", "vpn"]);
    for (const name of ["vpn", "app", "aside", "late"]) expect(await namespace(name)).toBe(shared);
    expect(await inside("late", "ip", "-o", "address")).toContain("10.41.0.");
    await host.mustTsd(["network", "disconnect", "other", "vpn"]);
    expect(await facts()).toEqual(before);
    expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
    await server.close();
    await removeAll("vpn", "app", "aside", "late", "peer");
  },
  patience,
);

test(
  "one that is removed leaves its network to the others, and a later one of its name has another",
  async () => {
    const { host } = lab();
    await shareAll();
    const shared = await namespace("vpn");
    await host.mustTsd(["rm", "-f", "vpn"]);
    for (const flags of [
      ["-p", "8080:80"],
      ["--ip", "10.40.0.9"],
    ]) {
      const refused = await host.tsd([
        "run",
        "-d",
        "--name",
        "vpn",
        "--net",
        "net",
        ...flags,
        "busybox",
        "sleep",
        "600",
      ]);
      expect(refused).toMatchObject({ code: 125, stderr: expect.stringContaining('"app"') });
    }
    await detached("vpn", "--net", "net");
    expect(await namespace("vpn")).not.toBe(shared);
    expect(await namespace("app")).toBe(shared);
    await host.mustTsd(["restart", "-t", "0", "app"]);
    expect(await namespace("app")).toBe(await namespace("vpn"));
    expect(await namespace("aside")).toBe(shared);
    await host.mustTsd(["rm", "-f", "aside"]);
    await detached("next", "--net", "net", "--ip", "10.40.0.9", "-p", "8080:80");
    await removeAll("vpn", "app", "next", "peer");
  },
  patience,
);
