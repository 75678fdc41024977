import { rmSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { namespaceOf, removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab({ iptables: true });

/** A client that calls again and again until told to stop, and one that keeps a connection open all the while. */
const client = new URL("../support/lab/steady-client.mjs", import.meta.url).pathname;

test("backends are switched ten times: no connection ends, and none is refused", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.10.10.1/24", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "8080:80", "busybox", "sleep", "120"]);
  const container = await namespaceOf(lab(), "web");
  const inside = container.start([process.execPath, client, "serve", "80"], { timeout: 120_000 });
  const outside = internet.start([process.execPath, client, "serve", "7"], { timeout: 120_000 });
  await Promise.all([inside.saying("ready"), outside.saying("ready")]);
  const inwards = internet.start([process.execPath, client, "call", addresses.host, "8080"], { timeout: 120_000 });
  const outwards = container.start([process.execPath, client, "call", addresses.server, "7"], { timeout: 120_000 });
  await Promise.all([inwards.saying("ready"), outwards.saying("ready")]);
  for (let round = 0; round < 10; round++) {
    const backend = round % 2 === 0 ? "iptables" : "nftables";
    expect(await host.mustTsd(["nat", "use", backend])).toBe(backend);
  }
  for (const caller of [inwards, outwards]) {
    caller.write("stop\n");
    const { stdout, code } = await caller.ended;
    const { calls, failures, isOpen } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect({ failures, isOpen, code }).toEqual({ failures: [], isOpen: true, code: 0 });
    expect(calls).toBeGreaterThan(20);
  }
  for (const server of [inside, outside]) {
    server.kill("SIGKILL");
    await server.ended;
  }
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("everything works on either backend, and nothing of the other is left", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["nat", "use", "iptables"]);
  expect(await host.mustRun(["nft", "list", "tables"])).not.toContain("inet tsd");
  expect(await host.mustTsd(["system", "info"])).toMatch(/NAT backend: +iptables [\d.]+ .*\(chosen by tsd nat use\)/);
  await host.mustTsd(["run", "-d", "--name", "web", "-p", "8080:80", "busybox", "sleep", "60"]);
  const container = await namespaceOf(lab(), "web");
  const server = await serveEcho(container, { protocol: "tcp", address: "0.0.0.0", port: 80 });
  const ask = (timeout?: number) =>
    askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 }, timeout);
  expect(await ask()).toBe(addresses.internet);
  await host.mustTsd(["nat", "use", "none"]);
  expect(await ask(300)).toBeUndefined();
  expect(await host.mustRun(["iptables-save"])).not.toContain("TSD-");
  await host.mustTsd(["nat", "use", "nftables"]);
  expect(await ask()).toBe(addresses.internet);
  await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await removeDefaultNetwork(lab());
});

test("what one installation switches, lists or repairs is not the other's", async () => {
  const { host, internet } = lab();
  const elsewhere = { env: { TSD_ROOT: `${host.root}/other`, TSD_RUN: `${host.runDirectory}/other` } };
  await host.mustTsd(["network", "create", "--subnet", "10.10.10.1/24", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "8080:80", "busybox", "sleep", "120"]);
  const server = await serveEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: "0.0.0.0", port: 80 });
  const ask = () => askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 });
  await host.mustTsd(["network", "create", "--subnet", "10.20.0.1/24", "theirs"], elsewhere);
  const states = [
    ["iptables", "nftables"],
    ["iptables", "iptables"],
    ["nftables", "iptables"],
    ["nftables", "nftables"],
  ] as const;
  for (const [own, others] of states) {
    const switches = [host.mustTsd(["nat", "use", own]), host.mustTsd(["nat", "use", others], elsewhere)];
    await Promise.all(switches);
    expect(await ask()).toBe(addresses.internet);
    for (const each of [{}, elsewhere]) {
      expect(await host.tsd(["gc"], each)).toEqual({ code: 0, stdout: "Nothing was left over.\n", stderr: "" });
      expect(await host.tsd(["check"], each)).toEqual({ code: 0, stdout: "", stderr: "" });
    }
  }
  await host.mustTsd(["network", "rm", "theirs"], elsewhere);
  for (const directory of [host.root, host.runDirectory])
    rmSync(`${directory}/other`, { recursive: true, force: true });
  await server.close();
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
}, 120_000);

test.each([
  ["magic", '"magic"'],
  ["", '""'],
])("nat use %j is refused", async (backend, offender) => {
  const result = await lab().host.tsd(["nat", "use", backend]);
  expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(offender) });
});
