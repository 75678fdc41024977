import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { removeDefaultNetwork, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const restoreDefaults = () => removeDefaultNetwork(lab());

test("the default network is as system init says", async () => {
  const { host } = lab();
  await host.mustTsd([
    "system",
    "init",
    "--bip",
    "10.40.0.1/24",
    "--fixed-cidr",
    "10.40.0.128/25",
    "--ip",
    "127.0.0.1",
    "--mtu",
    "1400",
  ]);
  await host.mustTsd(["run", "-d", "--name", "web", "-p", "8080:80", "busybox", "sleep", "60"]);
  expect(await host.mustTsd(["exec", "web", "ip", "-o", "address", "show", "eth0"])).toContain("10.40.0.128/24");
  expect(await host.mustTsd(["exec", "web", "cat", "/sys/class/net/eth0/mtu"])).toBe("1400");
  expect(await host.mustTsd(["port", "web"])).toBe("80/tcp -> 127.0.0.1:8080");
  const inUse = await host.tsd(["system", "init", "--bip", "10.41.0.1/24"]);
  expect(inUse).toMatchObject({ code: 1, stderr: expect.stringContaining('container "web"') });
  await host.mustTsd(["rm", "-f", "web"]);
  await restoreDefaults();
});

test("an existing bridge is taken over, and stays", async () => {
  const { host } = lab();
  // With a port, so that its carrier does not depend on containers.
  await host.ip("link add br9 type bridge", "address add 10.42.0.1/24 dev br9", "link set br9 up");
  await host.ip(
    "link add br9-port type veth peer name br9-peer",
    "link set br9-port master br9 up",
    "link set br9-peer up",
  );
  await lab().settle();
  await host.mustTsd(["system", "init", "--bridge", "br9"]);
  await host.mustTsd(["run", "-d", "--name", "web", "busybox", "sleep", "60"]);
  await host.mustTsd(["exec", "web", "ping", "-c", "1", "-W", "2", "10.42.0.1"]);
  await host.mustTsd(["rm", "-f", "web"]);
  await restoreDefaults();
  expect(await host.mustRun(["ip", "-brief", "address", "show", "dev", "br9"])).toContain("10.42.0.1/24");
});

test("no default network, where none is wanted", async () => {
  const { host } = lab();
  await host.mustTsd(["system", "init", "--bridge", "none"]);
  expect(await host.tsd(["run", "--rm", "busybox", "true"])).toMatchObject({
    code: 125,
    stderr: expect.stringContaining("no default network"),
  });
  await host.mustTsd(["run", "--rm", "--net", "none", "busybox", "true"]);
  await restoreDefaults();
});

test("the file says the same, and init beats it", async () => {
  const { host } = lab();
  const directory = mkdtempSync(join(tmpdir(), "tsd-config-"));
  const config = join(directory, "config.json");
  writeFileSync(
    config,
    JSON.stringify({ bip: "10.43.0.1/24", "default-address-pools": [{ base: "10.44.0.0/16", size: 24 }] }),
  );
  const env = { TSD_CONFIG: config };
  await host.mustTsd(["network", "create", "net"], { env });
  expect(await host.mustTsd(["network", "ls", "--filter", "name=net", "--format", "{{.Subnet}}"])).toBe("10.44.0.0/24");
  await host.mustTsd(["network", "rm", "net"]);
  writeFileSync(config, JSON.stringify({ brige: "x" }));
  const broken = await host.tsd(["network", "create", "net"], { env });
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringMatching(/config\.json.*"brige"/) });
  rmSync(directory, { recursive: true });
});

test.each([
  [["--bridge", "nosuch"], "nosuch"],
  [["--bridge", "uplink0"], "uplink0"],
  [["--bridge", "br9", "--bip", "10.0.0.1/24"], "--bip"],
  [["--nat", "none", "--icc=false"], "icc"],
  [["--bip", "10.0.0.0/24"], "10.0.0.0/24"],
  [["--mtu", "12"], "12"],
  [["--nat", "magic"], "magic"],
  [["--default-address-pool", "base=10.0.0.0/8"], "base=10.0.0.0/8"],
])("system init %j is refused", async (flags, offender) => {
  const result = await lab().host.tsd(["system", "init", ...flags]);
  expect(result.code).not.toBe(0);
  expect(result.stderr).toMatch(/^tsd: [^\n]+\nhint: [^\n]+\n$/);
  expect(result.stderr).toContain(offender);
});
