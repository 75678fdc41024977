import { readlinkSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();
const steadyClient = resolve("test/support/lab/steady-client.mjs");

/** Ways in which others break what tsd made, on a host with a network behind br9 and a container "web" on it. */
interface Damage {
  /** The backend that holds the rules; default nftables. */
  readonly under?: "iptables";
  readonly how: () => Promise<unknown>;
  readonly told: RegExp;
}

const damages: Readonly<Record<string, Damage>> = {
  "a flushed ruleset": {
    how: () => lab().host.mustRun(["nft", "flush", "ruleset"]),
    told: /network net: isolation of br9 is missing\n(.|\n)*endpoint web: published port 8080\/tcp is missing/,
  },
  "a deleted element": {
    how: () => lab().host.mustRun(["nft", "delete element inet tsd publish4 { tcp . 8080 }"]),
    told: /^endpoint web: published port 8080\/tcp is missing\n$/,
  },
  "an element that leads elsewhere": {
    how: async () => {
      const { host } = lab();
      const listing = await host.mustRun(["nft", "list map inet tsd publish4"]);
      const element = /tcp \. 8080 comment "[^"]+" : 10\.70\.0\.2 \. 80/.exec(listing)?.[0] ?? "";
      const altered = element.replace(/ : .*/, " : 10.70.0.99 . 81");
      await host.mustRun([
        "nft",
        `delete element inet tsd publish4 { tcp . 8080 }; add element inet tsd publish4 { ${altered} }`,
      ]);
    },
    told: /^endpoint web: published port 8080\/tcp is different: owner .*, to 10\.70\.0\.99/,
  },
  "a deleted rule": {
    how: () => lab().host.mustRun(["nft", "flush chain inet tsd inward; add rule inet tsd inward accept"]),
    told: /^all networks: table inet tsd, chain inward: rule missing: ct state established,related accept\n(.|\n)*: rule missing: drop\n(.|\n)*: rule too many: accept\n$/,
  },
  "a dormant table with an element that opens all": {
    how: () => lab().host.mustRun(["nft", "add table inet tsd { flags dormant; }; add element inet tsd open { * }"]),
    told: /^all networks: table inet tsd: dormant: .*\nall networks: table inet tsd, set open: element too many: .*\n$/,
  },
  "a deleted bridge": {
    how: () => lab().host.ip("link delete br9"),
    told: /network net: link br9 is missing\n(.|\n)*endpoint web: link veth[0-9a-f]+ is different: is no port of a bridge/,
  },
  "a deleted veth": {
    how: async () => {
      const links = await lab().host.mustRun(["ip", "-o", "link", "show", "master", "br9"]);
      await lab().host.ip(`link delete ${/veth[0-9a-f]+/.exec(links)?.[0]}`);
    },
    told: /endpoint web: link veth[0-9a-f]+ is missing\n(.|\n)*route 0\.0\.0\.0\/0/,
  },
  "a switched parameter": {
    how: () => lab().host.mustRun(["sysctl", "-qw", "net.ipv4.conf.uplink0.forwarding=0"]),
    told: /^network net: parameter net\/ipv4\/conf\/uplink0\/forwarding is different: 0$/m,
  },
  "a filter of a port, and ARP on it": {
    how: async () => {
      const links = await lab().host.mustRun(["ip", "-o", "link", "show", "master", "br9"]);
      const port = /veth[0-9a-f]+/.exec(links)?.[0] ?? "";
      await lab().host.mustRun(["tc", "qdisc", "delete", "dev", port, "clsact"]);
      await lab().host.ip(`link set ${port} arp on`);
    },
    told: /^endpoint web: link veth[0-9a-f]+ is different: has ARP on, lacks the filter that keeps frames from the host\n$/,
  },
  "a way from 127.0.0.1 that was closed": {
    how: () => lab().host.mustRun(["sysctl", "-qw", "net.ipv4.conf.br9.route_localnet=0"]),
    told: /^network net: way from 127\.0\.0\.0\/8 by br9 is different: has route_localnet=0\n$/,
  },
  "a lost route inside": {
    how: async () => (await namespaceOf(lab(), "web")).ip("route delete default"),
    told: /^endpoint web: route 0\.0\.0\.0\/0 by 10\.70\.0\.1 is missing\n$/,
  },
  "an edited hosts file": {
    how: () => lab().host.mustTsd(["exec", "web", "sh", "-c", "echo > /etc/hosts"]),
    told: /^container web: file \/.*\/hosts is different: other content\n$/,
  },
  "iptables' nat table, flushed": {
    under: "iptables",
    how: () => lab().host.mustRun(["iptables", "-t", "nat", "-F"]),
    told: /network net: masquerade of 10\.70\.0\.0\/24 is missing\n(.|\n)*endpoint web: published port 8080\/tcp is missing/,
  },
  "iptables' chains, with a rule in front of them and one among them": {
    under: "iptables",
    how: async () => {
      await lab().host.mustRun("iptables -I TSD-INWARD -j ACCEPT".split(" "));
      await lab().host.mustRun("iptables -I FORWARD -m comment --comment tsd -j TSD-FORWARD".split(" "));
      await lab().host.mustRun("iptables -I TSD-ALLOW -j ACCEPT".split(" "));
    },
    told: /chain TSD-INWARD: rule too many: -A TSD-INWARD -j ACCEPT\n(.|\n)*chain TSD-ALLOW: rule too many: (.|\n)*chain FORWARD: rule too many: /,
  },
  "an iptables rule that leads elsewhere": {
    under: "iptables",
    how: async () => {
      const { host } = lab();
      const rules = await host.mustRun(["iptables-save", "-t", "nat"]);
      const rule = /^-A (\S+) (.*--dport 8080 .*--to-destination 10\.70\.0\.2:80)$/m.exec(rules);
      const [, chain = "", words = ""] = rule ?? [];
      const altered = words.replace("10.70.0.2:80", "10.70.0.99:81");
      await host.mustRun([
        "sh",
        "-c",
        `iptables -t nat -D ${chain} ${words} && iptables -t nat -A ${chain} ${altered}`,
      ]);
    },
    told: /^endpoint web: published port 8080\/tcp is different: owner .*10\.70\.0\.99/,
  },
  "iptables' filter, flushed": {
    under: "iptables",
    how: () => lab().host.mustRun(["iptables", "-F"]),
    told: /network net: isolation of br9 is missing/,
  },
};

/** Uses a backend; iptables' own tables come at the first use and never go, but for a flush of the ruleset. */
async function useFirst(backend: string): Promise<void> {
  const { host } = lab();
  await host.mustTsd(["network", "create", "first"]);
  for (const each of [backend, "nftables"]) await host.mustTsd(["nat", "use", each]);
  await host.mustTsd(["network", "rm", "first"]);
  await lab().settle();
  await host.mustTsd(["nat", "use", backend]);
}

test.each(Object.entries(damages))("%s is told and repaired", async (_name, { under, how, told }) => {
  const { host, internet } = lab();
  if (under !== undefined) await useFirst(under);
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "-o", "name=br9", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "8080:80", "busybox", "sleep", "60"]);
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  await how();
  expect(await host.tsd(["check"])).toEqual({ code: 1, stdout: expect.stringMatching(told), stderr: "" });
  const repaired = await host.tsd(["reload"]);
  expect(repaired).toEqual({ code: 0, stdout: expect.stringMatching(/^(repaired: .*\n)+$/), stderr: "" });
  expect(repaired.stdout.replaceAll("repaired: ", "")).toMatch(told);
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const server = await serveEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: "0.0.0.0", port: 80 });
  expect(await askEcho(internet, { protocol: "tcp", address: addresses.host, port: 8080 })).toBe(addresses.internet);
  expect(await askEcho(host, { protocol: "tcp", address: "127.0.0.1", port: 8080 })).toBe("10.70.0.1");
  await server.close();
  if (under !== undefined) await host.mustTsd(["nat", "use", "nftables"]);
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("a connection through what is unharmed goes on, whatever is repaired beside it", async () => {
  const { host, internet } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "-o", "name=br9", "net"]);
  for (const [name, ports] of [
    ["web", "8080:80"],
    ["broken", "8081:80"],
  ] as const) {
    await host.mustTsd(["run", "-d", "--name", name, "--net", "net", "-p", ports, "busybox", "sleep", "60"]);
  }
  const server = (await namespaceOf(lab(), "web")).start([process.execPath, steadyClient, "serve", "80"]);
  await server.saying("ready");
  const caller = internet.start([process.execPath, steadyClient, "call", addresses.host, "8080"]);
  await caller.saying("ready");
  await (await namespaceOf(lab(), "broken")).ip("link delete eth0");
  await host.mustRun(["nft", "delete element inet tsd publish4 { tcp . 8081 }"]);
  await host.mustRun(["nft", "delete element inet tsd masquerade4 { br9 }"]);
  expect(await host.tsd(["reload"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("endpoint broken: link"),
  });
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  caller.write("stop\n");
  const { stdout } = await caller.ended;
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ failures: [], isOpen: true });
  server.kill("SIGKILL");
  await server.ended;
  await host.mustTsd(["rm", "-f", "web", "broken"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("a namespace whose name is lost is named again, and not replaced under its container", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "busybox", "sleep", "600"]);
  const [{ NetworkSettings, State }] = JSON.parse(await host.mustTsd(["inspect", "web"]));
  const { SandboxKey: path } = NetworkSettings;
  await host.mustRun(["umount", path]);
  expect(await host.tsd(["check"])).toMatchObject({ code: 1, stdout: expect.stringContaining(`namespace ${path} is`) });
  expect(await host.tsd(["reload"])).toMatchObject({ code: 0, stderr: "" });
  const named = await host.mustRun(["nsenter", `--net=${path}`, "readlink", "/proc/self/ns/net"]);
  expect(named.trim()).toBe(readlinkSync(`/proc/${State.Pid}/ns/net`));
  expect(await host.tsd(["check"])).toMatchObject({ code: 0 });
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
});

test("a process of the host that binds a published port later is named, since it hears nothing", async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.70.0.1/24", "net"]);
  await host.mustTsd(["run", "-d", "--name", "web", "--net", "net", "-p", "8080:80", "busybox", "sleep", "60"]);
  const server = await serveEcho(host, { protocol: "tcp", address: addresses.host, port: 8080 });
  const told = new RegExp(
    `^endpoint web: \\S+ \\(process \\d+\\) listens on port 8080/tcp of ${addresses.host} in vain\n$`,
  );
  expect(await host.tsd(["check"])).toEqual({ code: 1, stdout: expect.stringMatching(told), stderr: "" });
  expect(await host.tsd(["reload"])).toEqual({ code: 0, stdout: "Nothing was different.\n", stderr: "" });
  await server.close();
  expect(await host.tsd(["check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  await host.mustTsd(["rm", "-f", "web"]);
  await host.mustTsd(["network", "rm", "net"]);
});
