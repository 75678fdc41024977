import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import type { Container } from "../../src/api/index.js";
import { addresses } from "../support/lab/lab.js";
import { Namespace } from "../support/lab/namespace.js";
import { useGuest } from "./guest.js";

const guest = useGuest({ iptables: true });
const sctp = resolve("test/vm/sctp-process.pl");
const steady = resolve("test/support/lab/steady-client.mjs");

test("ports of SCTP are published on both families and backends, and connections survive the switch between these", async () => {
  const { internet, library } = guest();
  await library.call(["networks", "create", { name: "net", subnets: ["10.30.0.1/24", "fd00:30::1/64"] }]);
  const spec = { image: "busybox", name: "web", command: ["sleep", "1200"], publish: ["8899:99/sctp", "8080:80"] };
  const networks = [{ network: "net", address: "10.30.0.9", address6: "fd00:30::9" }];
  const web = (await library.call(["containers", "runDetached", { ...spec, networks }])) as Container;
  const inside = Namespace.of(web.pid ?? 0);
  const servers = ["10.30.0.9", "fd00:30::9"].map((address) =>
    inside.start(["perl", sctp, "serve", address, "99"], { timeout: 900_000 }),
  );
  const echo = inside.start([process.execPath, steady, "serve", "80"], { timeout: 900_000 });
  await Promise.all([...servers, echo].map((server) => server.saying("ready")));
  const caller = internet.start([process.execPath, steady, "call", addresses.host, "8080"], { timeout: 900_000 });
  await caller.saying("ready");

  const ask = async (address: string) => (await internet.run(["perl", sctp, "ask", address, "8899"])).stdout.trim();
  for (const backend of ["nftables", "iptables", "nftables"]) {
    await library.call(["system", "useNat", backend]);
    expect(await ask(addresses.host)).toBe(addresses.internet);
    expect(await ask(addresses.host6)).toBe(addresses.internet6);
    expect(await library.call(["system", "check"])).toEqual([]);
  }
  caller.write("stop\n");
  const { stdout } = await caller.ended;
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ failures: [], isOpen: true });

  for (const server of [...servers, echo]) {
    server.kill("SIGKILL");
    await server.ended;
  }
  await library.call(["containers", "remove", "web", { force: true }]);
  await library.call(["networks", "remove", "net"]);
});
