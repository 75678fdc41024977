import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Argv, read } from "../command.ts";
import { inHost } from "../host.ts";
import type { Lab } from "../lab.ts";

/** Two containers on one network, each on a host of its own, with a cable between the hosts. */
export interface HostPair {
  readonly name: string;
  /** Namespaces of the containers, and the address of the second. */
  readonly from: string;
  readonly to: string;
  readonly address: string;
  close(): void;
}

const ADDRESSES = ["192.0.2.1", "192.0.2.2"] as const;
const SIDES = [0, 1] as const;

/** Milliseconds for etcd to have a leader, and for a host to know the other. */
const PATIENCE = 15_000;

function makeCabled(prefix: string): readonly [string, string] {
  const hosts = [`${prefix}-host0`, `${prefix}-host1`] as const;
  for (const side of SIDES)
    for (const name of [hosts[side], `${prefix}-guest${side}`]) read(["ip", "netns", "add", name]);
  read(["ip", "-n", hosts[0], "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", hosts[1]]);
  for (const side of SIDES) {
    read(["ip", "-n", hosts[side], "-batch", "-"], {
      input: `link set lo up\naddress add ${ADDRESSES[side]}/24 dev wire\nlink set wire up\n`,
    });
  }
  return hosts;
}

function removeCabled(prefix: string): void {
  for (const side of SIDES)
    for (const name of [`${prefix}-guest${side}`, `${prefix}-host${side}`]) read(["ip", "netns", "del", name]);
}

/** The same tunnel and routes that tsd makes, by iproute2 alone, and one rule that masquerades. */
export function makeHandMadePair(): HostPair {
  const prefix = "hand-pair";
  const hosts = makeCabled(prefix);
  for (const side of SIDES) {
    const [own, far] = [side * 64, (1 - side) * 64];
    const run = (command: Argv, input = ""): string => read(inHost(hosts[side], command), { input });
    run(["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
    run(
      ["ip", "-batch", "-"],
      `link add br0 type bridge
link set br0 mtu 1450 up
address add 10.5.0.1/16 dev br0
link add vx0 address 02:00:00:00:00:0${side} type vxlan id 42 local ${ADDRESSES[side]} dstport 4789 nolearning
link set vx0 mtu 1450 up
address add 10.5.1.${own}/32 dev vx0
neighbour add 10.5.1.${far} lladdr 02:00:00:00:00:0${1 - side} dev vx0 nud permanent
route add 10.5.1.${far}/26 via 10.5.1.${far} dev vx0 onlink src 10.5.1.${own}
link add port0 type veth peer name eth0 netns ${prefix}-guest${side}
link set port0 master br0 mtu 1450 up
`,
    );
    run(["bridge", "fdb", "add", `02:00:00:00:00:0${1 - side}`, "dev", "vx0", "dst", ADDRESSES[1 - side] ?? ""]);
    run(["sysctl", "-qw", "net.ipv4.conf.br0.proxy_arp=1"]);
    run(
      ["nft", "-f", "-"],
      `table ip hand {
        chain post { type nat hook postrouting priority srcnat; ip saddr 10.5.0.0/16 ip daddr != 10.5.0.0/16 masquerade; }
      }`,
    );
    read(["ip", "-n", `${prefix}-guest${side}`, "-batch", "-"], {
      input: `link set lo up\nlink set eth0 mtu 1450 up\naddress add 10.5.1.${own + 2}/16 dev eth0\nroute add default via 10.5.0.1\n`,
    });
  }
  return {
    name: "by hand",
    from: `${prefix}-guest0`,
    to: `${prefix}-guest1`,
    address: "10.5.1.66",
    close: () => removeCabled(prefix),
  };
}

/** Why no two hosts can be had, or undefined. */
export function whyNoPair(lab: Lab): string | undefined {
  return existsSync(etcdOf(lab)) ? undefined : "etcd is not unpacked: run script/etcd";
}

/** Two tsds, and one member of etcd on the first host. */
export function openPair(lab: Lab): HostPair {
  const prefix = "tsd-pair";
  const hosts = makeCabled(prefix);
  const etcd = startEtcd(lab, hosts[0]);
  const tsd: Tsd = (side, ...words) =>
    read(inHost(hosts[side], [join(lab.project, "bin/tsd"), ...words]), {
      env: { ...lab.env, TSD_ROOT: join(lab.work, hosts[side]), TSD_RUN: `/run/${hosts[side]}` },
    });
  const [from, to] = [`${prefix}-guest0`, `${prefix}-guest1`];
  const end = (): void => {
    etcd.kill();
    removeCabled(prefix);
  };
  try {
    joinNetwork(tsd, [from, to]);
    const shown = read(["ip", "-n", to, "-4", "-o", "address", "show", "dev", "eth0"]);
    const address = shown.match(/inet ([\d.]+)/)?.[1] ?? "";
    persist(() => read(["ip", "netns", "exec", from, "ping", "-q", "-c", "1", "-W", "1", address]));
    const close = (): void => {
      for (const [side, guest] of [
        [0, from],
        [1, to],
      ] as const)
        tsd(side, "network", "disconnect", "bench", `netns:${guest}`);
      persist(() => tsd(0, "network", "rm", "bench"));
      for (const side of SIDES) tsd(side, "cluster", "leave");
      end();
    };
    return { name: "tsd", from, to, address, close };
  } catch (error) {
    end();
    throw error;
  }
}

type Tsd = (side: 0 | 1, ...words: readonly string[]) => string;

function joinNetwork(tsd: Tsd, [from, to]: readonly [string, string]): void {
  for (const side of SIDES) {
    const host = ["--name", `host${side}`, "--address", ADDRESSES[side]];
    persist(() => tsd(side, "cluster", "join", "--etcd", `http://${ADDRESSES[0]}:2379`, ...host));
  }
  tsd(0, "network", "create", "--driver", "overlay", "--subnet", "10.5.0.0/16", "bench");
  tsd(0, "network", "connect", "bench", `netns:${from}`);
  tsd(1, "network", "connect", "bench", `netns:${to}`);
}

const etcdOf = (lab: Lab): string => join(lab.project, ".runtime/etcd/usr/bin/etcd");

function startEtcd(lab: Lab, host: string): ChildProcess {
  const url = `http://${ADDRESSES[0]}:2379`;
  const words = ["--data-dir", "/run/etcd", "--listen-client-urls", url, "--advertise-client-urls", url];
  const [file, ...args] = inHost(host, [etcdOf(lab), ...words, "--log-level", "error"]);
  return spawn(file, args, { stdio: "ignore" });
}

/** Tries until nothing is thrown. */
function persist(attempt: () => unknown): void {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      attempt();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}
