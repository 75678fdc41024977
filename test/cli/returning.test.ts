import { beforeAll, expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import type { Namespace } from "../support/lab/namespace.js";
import { namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
// The table of guards stays from the first one on.
beforeAll(async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "-o", "antispoof=true", "first"]);
  await host.mustTsd(["run", "--rm", "--net", "first", "busybox", "true"]);
  await host.mustTsd(["network", "rm", "first"]);
  await lab().settle();
});
const own = ["10.40.0.5", "fd00:40::5"] as const;
const requested = ["--ip", own[0], "--ip6", own[1]];

const macOf = (name: string): Promise<string> =>
  lab().host.mustTsd(["exec", name, "cat", "/sys/class/net/eth0/address"]);

/** One packet each, and none that would wait for the kernel to doubt what it remembers, which takes it half a minute. */
async function expectReached(neighbour: Namespace, those: readonly string[] = own): Promise<void> {
  for (const from of [neighbour, lab().host])
    for (const address of those) await from.mustRun(["ping", "-q", "-c", "1", "-W", "5", address]);
}

test("what comes back at an address is reached at once, under guards too", async () => {
  const { host, internet } = lab();
  const subnets = ["--ipv6", "--subnet", "10.40.0.0/29", "--subnet", "fd00:40::/64"];
  await host.mustTsd(["network", "create", ...subnets, "-o", "antispoof=true", "net"]);
  const run = (name: string, ...flags: readonly string[]) =>
    host.mustTsd(["run", "-d", "--name", name, "--net", "net", ...flags, "busybox", "sleep", "300"]);
  // Without it the bridge would go down, and forget by itself.
  await run("other");
  const other = await namespaceOf(lab(), "other");
  await run("web", ...requested);
  await expectReached(other);
  const first = await macOf("web");
  await host.mustTsd(["restart", "-t", "0", "web"]);
  await expectReached(other);
  expect(await macOf("web")).toBe(first);
  await host.mustTsd(["rm", "-f", "web"]);
  await run("web", ...requested, "--mac-address", "02:00:00:00:00:77", "-p", "8080:80");
  await expectReached(other);
  const server = await serveEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: "0.0.0.0", port: 80 });
  expect(await askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 })).toBe(addresses.internet);
  await server.close();
  await host.mustTsd(["network", "disconnect", "net", "web"]);
  await host.mustTsd(["network", "connect", ...requested, "net", "web"]);
  await expectReached(other);
  expect(await macOf("web")).toBe(first);
  await host.mustTsd(["rm", "-f", "web"]);
  // All that is left of IPv4.
  for (const name of ["a", "b", "c", "d"]) await run(name);
  await expectReached(other, [own[0]]);
  await host.mustTsd(["rm", "-f", "a", "b", "c", "d", "other"]);
  await host.mustTsd(["network", "rm", "net"]);
}, 120_000);
