import { address6Of, addressOf } from "../support/cluster/underlay.js";

/** A command on one host of a cluster that is refused, and what its sentence has. */
export interface ClusterRefusal {
  readonly what: string;
  /** Number of the host; default 1. */
  readonly on?: number;
  readonly words: readonly string[];
  readonly says: readonly string[];
}

const overlay = (...words: readonly string[]): readonly string[] => [
  "network",
  "create",
  "--driver",
  "overlay",
  ...words,
];

/** On a host that is in no cluster, beside one with the name `host1` and its address. */
export const joinRefusals = (urls: string): readonly ClusterRefusal[] => [
  {
    what: "a URL of another scheme",
    words: ["cluster", "join", "--etcd", "ftp://192.0.2.11"],
    says: ["ftp://192.0.2.11"],
  },
  { what: "a URL that is none", words: ["cluster", "join", "--etcd", "etcd"], says: ['"etcd"'] },
  {
    what: "an etcd that is not there",
    words: ["cluster", "join", "--etcd", `http://${addressOf(77)}:2379`],
    says: [`${addressOf(77)}:2379`],
  },
  {
    what: "a port on which no etcd listens",
    words: ["cluster", "join", "--etcd", `http://${addressOf(11)}:79`],
    says: [`${addressOf(11)}:79`],
  },
  {
    what: "TLS where etcd has none",
    words: ["cluster", "join", "--etcd", `https://${addressOf(11)}:2379`],
    says: [`https://${addressOf(11)}:2379`],
  },
  {
    what: "a file that is not there",
    words: ["cluster", "join", "--etcd", urls.replaceAll("http:", "https:"), "--ca", "/nosuch/ca.pem"],
    says: ["/nosuch/ca.pem"],
  },
  {
    what: "the name of another host",
    words: ["cluster", "join", "--etcd", urls, "--cluster", "six", "--name", "host1"],
    says: ["host1", address6Of(1), "cluster rm host1"],
  },
  {
    what: "the address of another host",
    words: ["cluster", "join", "--etcd", urls, "--address", address6Of(1)],
    says: [address6Of(1)],
  },
  {
    what: "an address that this host has not",
    words: ["cluster", "join", "--etcd", urls, "--address", "203.0.113.9"],
    says: ["203.0.113.9"],
  },
  {
    what: "an interface that is not there",
    words: ["cluster", "join", "--etcd", urls, "--interface", "nosuch0"],
    says: ["nosuch0"],
  },
  {
    what: "records of another version of tsd",
    words: ["cluster", "join", "--etcd", urls, "--cluster", "newer"],
    says: ["newer", "records of version 3"],
  },
  { what: "a name with a slash", words: ["cluster", "join", "--etcd", urls, "--name", "a/b"], says: ["a/b"] },
  { what: "a cluster with a slash", words: ["cluster", "join", "--etcd", urls, "--cluster", "a/b"], says: ["a/b"] },
  { what: "an overlay without a cluster", words: overlay("--subnet", "10.8.0.0/16", "x"), says: ["cluster join"] },
  { what: "to leave no cluster", words: ["cluster", "leave"], says: ["cluster"] },
  { what: "to list no cluster", words: ["cluster", "ls"], says: ["cluster"] },
];

/** On a host of the cluster; `web` with 10.5.0.0/16 is there, and used on host 2. */
export const memberRefusals = (urls: string): readonly ClusterRefusal[] => [
  { what: "to join twice", words: ["cluster", "join", "--etcd", urls], says: ["host1"] },
  { what: "a name that is taken", on: 3, words: overlay("--subnet", "10.8.0.0/16", "web"), says: ["web"] },
  {
    what: "a subnet of another network",
    words: overlay("--subnet", "10.5.128.0/24", "x"),
    says: ["10.5.128.0/24", "web"],
  },
  { what: "a mode that is none", words: overlay("-o", "mode=mesh", "--subnet", "10.8.0.0/16", "x"), says: ["mesh"] },
  {
    what: "an MTU that cannot hold the header",
    words: overlay("-o", "mtu=1451", "--subnet", "10.8.0.0/16", "x"),
    says: ["1451", "1450"],
  },
  {
    what: "an MTU that IPv6 does not take",
    words: overlay("-o", "mtu=1279", "--subnet", "fd00:8::/64", "x"),
    says: ["1279", "1280"],
  },
  {
    what: "a VNI that is none",
    words: overlay("-o", "vni=16777216", "--subnet", "10.8.0.0/16", "x"),
    says: ["16777216"],
  },
  { what: "a VNI that is taken", words: overlay("-o", "vni=7777", "--subnet", "10.8.0.0/16", "x"), says: ["7777"] },
  {
    what: "a block larger than the subnet",
    words: overlay("-o", "block=8", "--subnet", "10.8.0.0/16", "x"),
    says: ["8"],
  },
  { what: "a port that is none", words: overlay("-o", "port=0", "--subnet", "10.8.0.0/16", "x"), says: ["0"] },
  {
    what: "encryption where the kernel has no WireGuard",
    words: overlay("-o", "encrypted=true", "--subnet", "10.8.0.0/16", "x"),
    says: ["host1", "its kernel has no WireGuard", "sends nothing in clear", "modprobe wireguard"],
  },
  {
    what: "an address outside of the subnet",
    words: ["run", "-d", "--net", "web", "--ip", "10.6.0.9", "busybox", "true"],
    says: ["10.6.0.9"],
  },
  { what: "a network that is used", words: ["network", "rm", "web"], says: ["web", "c1"] },
  { what: "a network that is nowhere", words: ["run", "-d", "--net", "nosuch", "busybox", "true"], says: ["nosuch"] },
  { what: "a host that is none", words: ["cluster", "rm", "nosuch"], says: ["nosuch"] },
  { what: "a host that is alive", words: ["cluster", "rm", "host2"], says: ["host2"] },
  { what: "to give up oneself", words: ["cluster", "rm", "host1"], says: ["host1"] },
  { what: "to leave while containers use a network", on: 2, words: ["cluster", "leave"], says: ["web"] },
];
