import { randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import { globSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "@jest/globals";
import { type Lab, uplink, useLab } from "../../support/lab/lab.js";
import { mustRun, Program } from "../../support/lab/program.js";
import { residue } from "../../support/lab/residue.js";

const lab = useLab();

type Undo = () => unknown;

/** One piece of residue of each kind: how to make it, which returns how to remove it, and the line that must show it. */
const seeds: readonly [name: string, shows: RegExp, make: (lab: Lab) => Promise<Undo>][] = [
  [
    "a link",
    /^link br-left bridge mtu 1500$/,
    async ({ host }) => {
      await host.ip("link add br-left type bridge");
      return () => host.ip("link delete br-left");
    },
  ],
  [
    "an address",
    /^address 192\.0\.2\.7\/32 on uplink0$/,
    async ({ host }) => {
      await host.ip(`address add 192.0.2.7/32 dev ${uplink}`);
      return () => host.ip(`address delete 192.0.2.7/32 dev ${uplink}`);
    },
  ],
  [
    "a route",
    /^route 192\.0\.2\.0\/24 dev uplink0/,
    async ({ host }) => {
      await host.ip(`route add 192.0.2.0/24 dev ${uplink}`);
      return () => host.ip(`route delete 192.0.2.0/24 dev ${uplink}`);
    },
  ],
  [
    "an IPv6 route",
    /^route 2001:db8:7::\/64 dev uplink0/,
    async ({ host }) => {
      await host.ip(`route add 2001:db8:7::/64 dev ${uplink}`);
      return () => host.ip(`route delete 2001:db8:7::/64 dev ${uplink}`);
    },
  ],
  [
    "a policy rule",
    /^rule 77:\s+from all fwmark 0x7 lookup main$/,
    async ({ host }) => {
      await host.ip("rule add fwmark 7 priority 77 table main");
      return () => host.ip("rule delete priority 77");
    },
  ],
  [
    "a neighbour",
    /^neighbour 198\.51\.100\.77 dev uplink0 lladdr 02:00:00:00:00:07 PERMANENT/,
    async ({ host }) => {
      await host.ip(`neighbour add 198.51.100.77 lladdr 02:00:00:00:00:07 nud permanent dev ${uplink}`);
      return () => host.ip(`neighbour delete 198.51.100.77 dev ${uplink}`);
    },
  ],
  [
    "a kernel parameter",
    /^sysctl net\.ipv4\.conf\.uplink0\.forwarding = 1$/,
    async ({ host }) => {
      await host.mustRun(["sysctl", "--quiet", "--write", `net.ipv4.conf.${uplink}.forwarding=1`]);
      return () => host.mustRun(["sysctl", "--quiet", "--write", `net.ipv4.conf.${uplink}.forwarding=0`]);
    },
  ],
  [
    "an nftables table",
    /^nft table inet left$/,
    async ({ host }) => {
      await host.mustRun(["nft", "add table inet left"]);
      return () => host.mustRun(["nft", "delete table inet left"]);
    },
  ],
  [
    "an nftables element",
    /^nft element inet left ports .*8080/,
    async ({ host }) => {
      await host.mustRun([
        "nft",
        "add table inet left; add set inet left ports { type inet_service; elements = { 8080 }; }",
      ]);
      return () => host.mustRun(["nft", "delete table inet left"]);
    },
  ],
  [
    "an iptables rule",
    /^nft rule ip filter .*"accept"/,
    async ({ host }) => {
      await host.mustRun(["iptables-nft", "-A", "INPUT", "-j", "ACCEPT"]);
      return () => host.mustRun(["nft", "delete table ip filter"]);
    },
  ],
  [
    "a legacy iptables rule",
    /^iptables -A INPUT -j ACCEPT$/,
    async ({ host }) => {
      await host.mustRun(["iptables-legacy", "-A", "INPUT", "-j", "ACCEPT"]);
      return () => host.mustRun(["iptables-legacy", "-D", "INPUT", "-j", "ACCEPT"]);
    },
  ],
  [
    "a bound network namespace",
    /^mount nsfs on \/run\/netns\/left$/,
    async () => {
      await mustRun(["ip", "netns", "add", "left"]);
      return () => mustRun(["ip", "netns", "delete", "left"]);
    },
  ],
  [
    "a process with the host's state in its environment",
    /^process \d+ sleep 61/,
    async ({ host }) => {
      const sleeper = host.start(["sleep", "61"]);
      return async () => {
        sleeper.kill("SIGKILL");
        await sleeper.ended;
      };
    },
  ],
  [
    "a process with the host's state in its mounts",
    /^process \d+ sleep 62/,
    async ({ host }) => {
      const script = `mount -t tmpfs tmpfs ${host.root} && echo mounted && exec sleep 62`;
      const sleeper = new Program(["unshare", "--mount", "sh", "-c", script.replace(host.root, "$0"), host.root]);
      await sleeper.saying("mounted");
      return async () => {
        sleeper.kill("SIGKILL");
        await sleeper.ended;
      };
    },
  ],
  [
    "an open socket",
    /^descriptor socket:/,
    async () => {
      const socket = createSocket("udp4");
      await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
      return () => new Promise<void>((resolve) => socket.close(resolve));
    },
  ],
  [
    "a container's cgroup",
    /^cgroup \/sys\/fs\/cgroup\/.*tsd-left-/,
    async ({ host }) => {
      const [tree = ""] = globSync("/sys/fs/cgroup/{,*/}cgroup.procs");
      const id = `left-${randomUUID()}`;
      const database = new DatabaseSync(`${host.root}/state.db`);
      database.exec(`CREATE TABLE changes (kind, row_id); INSERT INTO changes VALUES ('container', '${id}')`);
      database.close();
      const path = join(dirname(tree), `tsd-${id}`);
      mkdirSync(path);
      return () => {
        rmdirSync(path);
        rmSync(`${host.root}/state.db`);
      };
    },
  ],
  [
    "a run-time file",
    /^file .*\/run\/sockets\/a$/,
    async ({ host }) => {
      mkdirSync(`${host.runDirectory}/sockets`);
      writeFileSync(`${host.runDirectory}/sockets/a`, "");
      return () => rmSync(`${host.runDirectory}/sockets`, { recursive: true });
    },
  ],
  [
    "a file in /run",
    /^file \/run\/crun\/$/,
    async () => {
      mkdirSync("/run/crun");
      return () => rmdirSync("/run/crun");
    },
  ],
  [
    "a directory of the state",
    /^file .*\/root\/containers\/$/,
    async ({ host }) => {
      mkdirSync(`${host.root}/containers`);
      return () => rmdirSync(`${host.root}/containers`);
    },
  ],
  [
    "a row",
    /^row networks id=n1 name=left$/,
    async ({ host }) => {
      const database = new DatabaseSync(`${host.root}/tsd.db`);
      database.exec("CREATE TABLE networks (id TEXT, name TEXT); INSERT INTO networks VALUES ('n1', 'left')");
      database.close();
      return () => rmSync(`${host.root}/tsd.db`);
    },
  ],
  [
    "a route that was taken away",
    /^missing route default via 198\.51\.100\.1 dev uplink0/,
    async ({ host }) => {
      await host.ip("route delete default");
      return () => host.ip("route add default via 198.51.100.1");
    },
  ],
];

test.each(seeds)("%s shows, and nothing shows without it", async (_, shows, make) => {
  const undo = await make(lab());
  const left = await lab().residue(0);
  await undo();
  expect(left).toContainEqual(expect.stringMatching(shows));
  expect(await lab().residue()).toEqual([]);
});

test("what a settled lab holds is no residue", async () => {
  mkdirSync(`${lab().host.runDirectory}/kept`);
  await lab().settle();
  expect(await lab().residue()).toEqual([]);
  expect(await residue(lab().host)).toContainEqual(expect.stringMatching(/\/run\/kept\/$/));
});
