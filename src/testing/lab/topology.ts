import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

/** A bridge of the host, as the bridge driver makes it. */
export function addBridge(name: string, addresses: readonly string[]): void {
  ip(`link add ${name} type bridge`);
  ip(`link set ${name} up`);
  for (const address of addresses) ip(`addr add ${address} dev ${name}${address.includes(":") ? " nodad" : ""}`);
  setSysctl(`ipv4/conf/${name}/route_localnet`, "1");
}

/** One end of a wire, whose other end is `eth0` of a namespace. */
export interface Connection {
  readonly hostEnd?: string;
  readonly master?: string;
  /** The port exchanges frames with no other isolated one. */
  readonly isolated?: boolean;
  readonly addresses: readonly string[];
  readonly gateway?: readonly string[];
}

export function connect(
  netns: string,
  { hostEnd = `v-${netns}`, master, isolated, addresses, gateway = [] }: Connection,
): void {
  ip(`link add ${hostEnd} type veth peer name eth0 netns ${netns}`);
  if (master !== undefined) {
    ip(`link set ${hostEnd} master ${master}`);
    // br_netfilter sends what a container addresses to itself by way of the host back out of the port it came in by.
    ip(`link set ${hostEnd} type bridge_slave hairpin on`);
    if (isolated) ip(`link set ${hostEnd} type bridge_slave isolated on`);
  }
  ip(`link set ${hostEnd} up`);
  for (const link of ["lo", "eth0"]) ip(`-n ${netns} link set ${link} up`);
  for (const address of addresses)
    ip(`-n ${netns} addr add ${address} dev eth0${address.includes(":") ? " nodad" : ""}`);
  for (const via of gateway) ip(`-n ${netns} route add default via ${via}`);
}

/** Makes an intruder of a namespace: what it sends to or from 127.0.0.7 and up leaves it towards the host. */
export function leakLoopback(netns: string, via: string): void {
  execFileSync("ip", ["netns", "exec", netns, "sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1"]);
  ip(`-n ${netns} route delete local 127.0.0.0/8 dev lo table local`);
  ip(`-n ${netns} addr add 127.0.0.7/32 dev lo`);
  ip(`-n ${netns} route add 127.0.0.8/31 via ${via}`);
}

/** Returns what puts the old value back. */
export function setSysctl(key: string, value: string): () => void {
  const path = `/proc/sys/net/${key}`;
  const before = readFileSync(path, "utf8");
  writeFileSync(path, value);
  return () => writeFileSync(path, before);
}

/** Words of ip(8). */
export function ip(words: string): void {
  execFileSync("ip", words.split(" "), { stdio: ["ignore", "ignore", "inherit"] });
}
