import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { addresses, uplink } from "../support/lab/lab.js";
import type { Output } from "../support/lab/program.js";
import { namespaceOf, useTsdLab } from "./tsd-lab.js";

// Before the lab looks for residue.
afterEach(() => removeCustoms());
const lab = useTsdLab({ iptables: true });
const plugins = resolve(".runtime/ecosystems/usr/lib/cni");
const clean = { code: 0, stdout: "", stderr: "" };
const image = "busybox";
const serve = [image, "nc", "-ll", "-p", "80", "-e", "echo", "hello"];

/** Debian's plug-ins are found where the variable says; what removes them must know by itself. */
function create(...words: readonly string[]): Promise<string> {
  return lab().host.mustTsd(["network", "create", ...words], { env: { CNI_PATH: plugins } });
}

function tsd(...words: readonly string[]): Promise<Output> {
  return lab().host.tsd(words);
}

function mustTsd(...words: readonly string[]): Promise<string> {
  return lab().host.mustTsd(words);
}

/** Until the server listens. */
function calling(port: number): readonly string[] {
  const call = `busybox nc -w 5 ${addresses.host} ${port} | grep hello`;
  return ["sh", "-c", `for i in $(seq 50); do ${call} && exit; sleep 0.1; done; exit 1`];
}

function ping(from: string, to: string): Promise<string> {
  return mustTsd("exec", from, "ping", "-c", "1", "-W", "5", to);
}

/** Writes a list of plug-ins whose state is below the lab's own directory. */
function writeList(name: string, ...listed: readonly object[]): string {
  const file = join(lab().host.root, `${name}.conflist`);
  writeFileSync(file, JSON.stringify({ cniVersion: "1.0.0", name, plugins: listed }));
  return file;
}

function leases(): string {
  return join(lab().host.root, "cni-leases");
}

/** What CNI's plug-ins leave on a host by custom: forwarding, the chains of portmap and firewall, files of host-local. */
async function removeCustoms(): Promise<void> {
  const { host } = lab();
  await host.mustRun(["sysctl", "--quiet", "--write", "net.ipv4.ip_forward=0"]);
  const script = `
    for table in nat filter; do
      iptables-save -t $table | grep '^-A [A-Z]*ING .*CNI-\\|^-A [A-Z]*PUT .*CNI-\\|^-A FORWARD .*CNI-' | sed 's/^-A/-D/' |
        while read -r rule; do eval iptables -t $table "$rule"; done
      chains=$(iptables-save -t $table | sed -n 's/^:\\(CNI-[^ ]*\\).*/\\1/p')
      for chain in $chains; do iptables -t $table -F $chain; done
      for chain in $chains; do iptables -t $table -X $chain; done
    done`;
  await host.mustRun(["sh", "-ec", script]);
  for (const name of readdirSync(host.root))
    if (/^cni-|\.conflist$/.test(name)) rmSync(join(host.root, name), { recursive: true });
}

test.each(["bridge", "ptp"])(
  "CNI's %s joins containers, with tsd's addresses, names, ports and repair",
  async (type) => {
    const { host, internet } = lab();
    await create("--driver", `cni:${type}`, "--subnet", "10.90.0.1/24", "net");
    await mustTsd("run", "-d", "--name", "web", "--net", "net", "--ip", "10.90.0.9", "-p", "8080:80", image, ...serve);
    await mustTsd("run", "-d", "--name", "client", "--net", "net", image, "sleep", "600");
    await ping("client", "web");
    await ping("client", addresses.internet);
    expect(await internet.mustRun(calling(8080))).toBe("hello\n");
    const [{ NetworkSettings }] = JSON.parse(await mustTsd("inspect", "web"));
    const web = await namespaceOf(lab(), "web");
    const { IPAddress, MacAddress } = NetworkSettings.Networks.net;
    expect(IPAddress).toBe("10.90.0.9");
    expect(await web.mustRun(["ip", "link", "show", "eth0"])).toContain(MacAddress);
    expect(await tsd("check")).toEqual(clean);
    await web.ip("link delete eth0");
    expect(await tsd("check")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^endpoint web: cni-attachment eth0 is missing$/m),
    });
    expect(await tsd("reload")).toMatchObject({ code: 0, stderr: "" });
    expect(await tsd("check")).toEqual(clean);
    expect(await internet.mustRun(calling(8080))).toBe("hello\n");
    const planned = await mustTsd("rm", "-f", "--dry-run", "web");
    expect(planned).toMatch(new RegExp(`CNI_COMMAND=DEL CNI_CONTAINERID=[0-9a-f]{64} .* ${plugins}/${type} <<`));
    await mustTsd("rm", "-f", "web", "client");
    await mustTsd("network", "rm", "net");
    expect(await host.mustRun(["ip", "-br", "link"])).not.toContain("veth");
  },
);

test("CNI's macvlan joins the host's LAN, and host-local leases addresses for any driver", async () => {
  const { host } = lab();
  const lan = ["--subnet", "198.51.100.0/24", "--gateway", addresses.internet, "--ip-range", "198.51.100.64/26"];
  await create("--driver", "cni:macvlan", "-o", `master=${uplink}`, "-o", "mode=bridge", ...lan, "lan");
  for (const name of ["web", "client"])
    await mustTsd("run", "-d", "--name", name, "--net", "lan", image, "sleep", "600");
  await ping("client", "web");
  await ping("client", addresses.server);
  expect(await tsd("check")).toEqual(clean);
  await mustTsd("rm", "-f", "web", "client");
  await mustTsd("network", "rm", "lan");

  const directory = join(host.root, "cni-bin");
  const ipam = [
    "--ipam-driver",
    "cni:host-local",
    "--ipam-opt",
    `dataDir=${leases()}`,
    "--ipam-opt",
    `CNI_PATH=${directory}`,
  ];
  mkdirSync(directory);
  symlinkSync(join(plugins, "host-local"), join(directory, "host-local"));
  await create(...ipam, "--subnet", "10.92.0.0/24", "--subnet", "fd00:92::/64", "net");
  await mustTsd("run", "-d", "--name", "web", "--net", "net", image, "sleep", "600");
  await mustTsd("run", "-d", "--name", "client", "--net", "net", "--ip", "10.92.0.77", image, "sleep", "600");
  await ping("web", "client");
  const held = (await host.mustRun(["ls", "-R", leases()])).split("\n").filter((line) => /^(10|fd00)/.test(line));
  expect(held).toEqual(["10.92.0.2", "10.92.0.77", "fd00:92::2", "fd00:92::3"]);
  await mustTsd("rm", "-f", "client");
  rmSync(join(directory, "host-local"));
  expect(await tsd("rm", "-f", "web")).toMatchObject({
    stderr: expect.stringMatching(/, unless tsd gc --force forgets it$/m),
  });
  expect(await tsd("gc")).toMatchObject({ code: 1 });
  expect(await tsd("gc", "--force")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^IPAM lease /) });
  expect(await tsd("check")).toEqual(clean);
  await mustTsd("network", "rm", "net");
  expect(await host.mustRun(["sh", "-c", `ls -R ${leases()} | grep '^10\\|^fd00'`])).toBe("10.92.0.2\nfd00:92::2\n");
}, 240_000);

test("a list chains bridge, portmap, bandwidth, tuning and firewall, decides on addresses, and goes without its programs", async () => {
  const { host, internet } = lab();
  const directory = join(host.root, "cni-bin");
  mkdirSync(directory);
  for (const name of readdirSync(plugins)) symlinkSync(join(plugins, name), join(directory, name));
  const file = writeList(
    "pods",
    {
      ...{ type: "bridge", isGateway: true, ipMasq: true, hairpinMode: true, capabilities: { mac: true } },
      ipam: {
        ...{ type: "host-local", ranges: [[{ subnet: "10.88.0.0/24" }]], dataDir: leases() },
        ...{ routes: [{ dst: "0.0.0.0/0" }], capabilities: { ips: true } },
      },
    },
    { type: "portmap", snat: true, capabilities: { portMappings: true } },
    { type: "bandwidth", capabilities: { bandwidth: true } },
    { type: "tuning", sysctl: { "net.core.somaxconn": "500" } },
    { type: "firewall", backend: "iptables" },
  );
  const list = ["--driver", "cni", "-o", `conflist=${file}`, "-o", `CNI_PATH=${directory}`];
  expect(await create(...list, "--dry-run", "pods")).toMatch(/^make cni-network pods\n {4}env CNI_COMMAND=VERSION /m);
  expect(await tsd("network", "create", ...list, "--subnet", "10.1.0.0/24", "pods")).toMatchObject({
    stderr: expect.stringMatching(
      /^tsd: subnet 10\.1\.0\.0\/24 was given, and tsd chooses no addresses on networks of /,
    ),
  });
  await create(...list, "pods");
  rmSync(file);
  expect(await tsd("run", "--rm", "--net", "pods", "--ip", "10.88.0.9", image, "true")).toMatchObject({
    stderr: expect.stringContaining('Leave the address out: driver "cni" decides on addresses.'),
  });
  const slow = "driver-opt=bandwidth.ingressRate=1000000,driver-opt=bandwidth.ingressBurst=1000000";
  await mustTsd("run", "-d", "--name", "web", "--net", `name=pods,${slow}`, "-p", "8080:80", image, ...serve);
  await mustTsd("run", "-d", "--name", "client", "--net", "pods", image, "sleep", "600");
  expect(JSON.parse(await mustTsd("inspect", "web"))[0].NetworkSettings.Networks.pods.IPAddress).toBe("10.88.0.2");
  expect(await mustTsd("exec", "client", "cat", "/proc/sys/net/core/somaxconn")).toBe("500");
  expect(await host.mustRun(["tc", "qdisc", "show"])).toContain("tbf");
  await ping("client", "web");
  await ping("client", addresses.internet);
  expect(await internet.mustRun(calling(8080))).toBe("hello\n");
  expect(await host.mustRun(calling(8080))).toBe("hello\n");
  expect(await tsd("check")).toEqual(clean);
  const broken: readonly (readonly [breaking: readonly string[], found: string])[] = [
    [["ip", "link", "delete", "cni0"], "different: interface cni0 of the host is not the one that it had"],
    [["iptables", "-t", "nat", "-F"], 'different: CNI plug-in "portmap", verb CHECK: '],
  ];
  for (const [breaking, found] of broken) {
    await host.mustRun(breaking);
    expect((await tsd("check")).stdout).toContain(`endpoint web: cni-attachment eth0 is ${found}`);
    expect(await tsd("reload")).toMatchObject({ code: 0, stderr: "" });
    expect(await internet.mustRun(calling(8080))).toBe("hello\n");
    expect(await tsd("check")).toEqual(clean);
  }
  await (await namespaceOf(lab(), "client")).ip("link delete eth0");
  expect(await tsd("reload")).toMatchObject({ code: 0, stderr: "" });
  await ping("client", "web");
  expect(await tsd("check")).toEqual(clean);
  await mustTsd("port", "add", "web", "8081:80");
  expect(await internet.mustRun(calling(8081))).toBe("hello\n");
  // Attached again it may have another address, by the same name.
  await ping("client", "web");
  await mustTsd("rm", "-f", "client");

  rmSync(join(directory, "portmap"));
  const missing = `there is no CNI plug-in "portmap" in ${directory}`;
  expect(await tsd("stop", "-t", "0", "web")).toMatchObject({ code: 1, stderr: expect.stringContaining(missing) });
  expect(await tsd("rm", "--force", "web")).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("cni-attachment eth0"),
  });
  await mustTsd("network", "rm", "pods");
}, 240_000);

test("a list with CNI's dhcp has its addresses from a server on the LAN", async () => {
  const { host, internet } = lab();
  const file = writeList("lan", { type: "macvlan", master: uplink, ipam: { type: "dhcp" } });
  const daemon = host.start([join(plugins, "dhcp"), "daemon"], { timeout: 60_000 });
  const conf = join(host.root, "cni-udhcpd.conf");
  const lines = ["start 198.51.100.70", "end 198.51.100.79", "interface wan0", `lease_file ${host.root}/cni-dhcp`];
  writeFileSync(conf, [...lines, "option subnet 255.255.255.0", `option router ${addresses.internet}`, ""].join("\n"));
  writeFileSync(join(host.root, "cni-dhcp"), "");
  const server = internet.start(["busybox", "udhcpd", "-f", conf], { timeout: 60_000 });
  await create("--driver", "cni", "-o", `conflist=${file}`, "lan");
  await mustTsd("run", "-d", "--name", "web", "--net", "lan", image, "sleep", "600");
  const [{ NetworkSettings }] = JSON.parse(await mustTsd("inspect", "web"));
  expect(NetworkSettings.Networks.lan.IPAddress).toMatch(/^198\.51\.100\.7\d$/);
  await ping("web", addresses.server);
  expect(await tsd("check")).toEqual(clean);
  await mustTsd("rm", "-f", "web");
  await mustTsd("network", "rm", "lan");
  for (const program of [daemon, server]) {
    program.kill("SIGKILL");
    await program.ended;
  }
  await host.mustRun(["rm", "-rf", "/run/cni", "/run/udhcpd.pid"]);
}, 240_000);
