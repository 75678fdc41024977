import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "@jest/globals";
import { addresses } from "../support/lab/lab.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** What is in the way of a network 10.90.0.0/24, and how it goes again. */
const ailments: Readonly<
  Record<
    string,
    { readonly lines: () => readonly string[][]; readonly cure: () => readonly string[][]; readonly told: RegExp }
  >
> = {
  "a foreign chain that drops": {
    lines: () => [
      [
        "nft",
        "add table inet foreign; add chain inet foreign guard { type filter hook forward priority 0; policy drop; }",
      ],
    ],
    cure: () => [["nft", "delete table inet foreign"]],
    told: /^table inet foreign, chain guard \(policy drop\) drops/,
  },
  "a route into its subnet": {
    lines: () => [["ip", "route", "add", "10.90.0.64/26", "via", addresses.internet]],
    cure: () => [["ip", "route", "del", "10.90.0.64/26"]],
    told: /^route 10\.90\.0\.64\/26 dev uplink0 takes packets away from network "net" \(10\.90\.0\.0\/24\)\n/,
  },
  "an uplink that does not forward": {
    lines: () => [["sysctl", "-qw", "net.ipv4.conf.uplink0.forwarding=0"]],
    cure: () => [["sysctl", "-qw", "net.ipv4.conf.uplink0.forwarding=1"]],
    told: /^uplink0 does not forward IPv4 packets.*\n {2}Let tsd repair it: tsd reload\n$/,
  },
  "a narrow way out": {
    lines: () => [["ip", "link", "set", "uplink0", "mtu", "1300"]],
    cure: () => [["ip", "link", "set", "uplink0", "mtu", "1500"]],
    told: /^network "net" has MTU 1400, and the host's way out has 1300/,
  },
};

test.each(Object.entries(ailments))("%s is told", async (_name, { lines, cure, told }) => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.90.0.1/24", "-o", "mtu=1400", "net"]);
  expect(await host.tsd(["doctor"])).toEqual({ code: 0, stdout: "Nothing is in the way.\n", stderr: "" });
  for (const line of lines()) await host.mustRun(line);
  expect(await host.tsd(["doctor"])).toEqual({ code: 1, stdout: expect.stringMatching(told), stderr: "" });
  for (const line of cure()) await host.mustRun(line);
  await host.mustTsd(["network", "rm", "net"]);
});

test("a program that is missing is told, with its package", async () => {
  const { host } = lab();
  const env = ["PATH=/nosuch", `TSD_NODE=${process.execPath}`, `TSD_ROOT=${host.root}`, `TSD_RUN=${host.runDirectory}`];
  const found = await host.run(["env", ...env, resolve("bin/tsd"), "doctor"]);
  expect(found.code).toBe(1);
  expect(found.stdout).toMatch(/apt-get install nftables/);
});

test("a clock that has run backward is told", async () => {
  const { host } = lab();
  const moveChanges = (by: string): void => {
    const database = new DatabaseSync(`${host.root}/state.db`);
    database.exec(`UPDATE changes SET time = strftime('%Y-%m-%dT%H:%M:%fZ', time, '${by}')`);
    database.close();
  };
  moveChanges("+1 hour");
  expect(await host.tsd(["doctor"])).toEqual({
    code: 1,
    stdout: expect.stringMatching(/^it is .* by the clock, and the newest change was at .*\n {2}Set the clock.*\n$/),
    stderr: "",
  });
  moveChanges("-1 hour");
  expect(await host.tsd(["doctor"])).toMatchObject({ code: 0 });
});

const bridgeNetfilter = (value: string) =>
  ["iptables", "ip6tables"].map((family) => `net.bridge.bridge-nf-call-${family}=${value}`);

test("a bridge of another's that is narrower than its endpoints is told, and a port that the kernel hands out is noted", async () => {
  const { host } = lab();
  await host.mustRun(["sysctl", "-qw", ...bridgeNetfilter("0")]);
  await host.ip("link add lan0 up type bridge");
  await host.mustTsd(["network", "create", "--subnet", "10.91.0.1/24", "-o", "name=lan0", "-o", "adopt=true", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "40000:80", "busybox", "sleep", "60"]);
  const noted = await host.tsd(["doctor"]);
  expect(noted).toMatchObject({ code: 0, stderr: "" });
  expect(noted.stdout).toMatch(/^Note: port 40000, which container "web" publishes.*\n.*\nNothing is in the way\.\n$/);
  await host.ip("link set lan0 mtu 1300");
  expect(await host.tsd(["doctor"])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^bridge lan0 has MTU 1300/),
  });
  await host.mustRun(["sysctl", "-qw", ...bridgeNetfilter("1")]);
  expect((await host.tsd(["doctor"])).stdout).toMatch(/br_netfilter is on.*"net" do not answer on 127\.0\.0\.1/);
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
  await host.ip("link delete lan0");
});

test("networks that keep containers apart are told of br_netfilter", async () => {
  const { host } = lab();
  const set = (value: string) => host.mustRun(["sysctl", "-qw", `net.bridge.bridge-nf-call-iptables=${value}`]);
  const before = (await host.mustRun(["sysctl", "-n", "net.bridge.bridge-nf-call-iptables"])).trim();
  await host.mustTsd(["network", "create", "-o", "icc=false", "net"]);
  await set("1");
  expect(await host.tsd(["doctor"])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/br_netfilter is on.*"net"/),
  });
  await set(before);
  await host.mustTsd(["network", "rm", "net"]);
});
