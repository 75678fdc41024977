import { Agent } from "../lab/agent.js";
import { addBridge, connect, ip, setSysctl } from "../lab/topology.js";

/** Networks by letter: the second part of their addresses. All but `p` span hosts; the tunnel of `l` is a port of its bridge. */
export const spans = { w: 70, c: 71, i: 72, o: 73, p: 74, l: 75 } as const;
type Letter = keyof typeof spans;

/** Of the VXLAN segment of a network. */
export function vniOf(letter: Letter): number {
  return 4_100 + spans[letter];
}

/** Addresses of the host that has the networks, of another that has them too, and of a machine that has not. */
export const underlay = {
  host: ["192.0.2.1", "2001:db8::1"],
  member: ["192.0.2.9", "2001:db8::9"],
  outside: ["198.51.100.2", "2001:db8:1::2"],
} as const;

/** A container on this host (`w1`), or on another (`w2`), IPv4 first. */
export function spanAddresses(name: string): readonly [string, string] {
  if (name === "s2") return ["10.70.0.70", "fd00:70::2:6"];
  const [part, host] = [spans[name.charAt(0) as Letter], name.charAt(1)];
  return host === "1" ? [`10.${part}.0.2`, `fd00:${part}::1:2`] : [`10.${part}.0.66`, `fd00:${part}::2:2`];
}

const here = ["w1", "c1", "i1", "o1", "p1", "l1"] as const;
/** `s2` says that it is of the network `w`, from a host that is no member of it. */
const elsewhere = ["w2", "c2", "i2", "o2", "s2", "l2"] as const;
const namespaces = ["member", "outside", ...here, ...elsewhere];

export type SpanName = "host" | "member" | "outside" | (typeof here)[number] | (typeof elsewhere)[number];

/**
 * A host with networks that span hosts, modes `routed` and `l2`, as the driver makes them; another host, whose containers send into the tunnel
 * whatever they like; and a machine that is no member.
 */
export class SpanLab {
  private constructor(
    readonly agents: Readonly<Record<SpanName, Agent>>,
    private readonly restore: () => void,
  ) {}

  static async build(): Promise<SpanLab> {
    for (const name of namespaces) ip(`netns add ${name}`);
    ip("link set lo up");
    connect("member", { hostEnd: "up0", addresses: [`${underlay.member[0]}/24`, `${underlay.member[1]}/64`] });
    connect("outside", { hostEnd: "up1", addresses: [`${underlay.outside[0]}/24`, `${underlay.outside[1]}/64`] });
    ip(`addr add ${underlay.host[0]}/24 dev up0`);
    ip("addr add 198.51.100.1/24 dev up1");
    ip(`addr add ${underlay.host[1]}/64 dev up0 nodad`);
    ip("addr add 2001:db8:1::1/64 dev up1 nodad");
    ip("-n outside route add default via 198.51.100.1");
    ip("-n outside route add default via 2001:db8:1::1");
    ip("-n member route add default via 192.0.2.1");
    for (const name of here) addNetwork(name);
    for (const name of elsewhere) addRemote(name);
    for (const link of ["up0", "up1"]) setSysctl(`ipv4/conf/${link}/forwarding`, "1");
    const restore = setSysctl("ipv6/conf/all/forwarding", "1");
    const agents = {
      host: new Agent(),
      ...Object.fromEntries(namespaces.map((name) => [name, new Agent(name)])),
    } as SpanLab["agents"];
    const lab = new SpanLab(agents, restore);
    await Promise.all([
      ...[...here, ...elsewhere].map((name) => agents[name].serve("", 80)),
      agents.c1.serve("", 5432),
      agents.host.serve("", 7000),
      agents.outside.serve("", 7),
      ...(["host", "member"] as const).map((name) => agents[name].serve("", 4790)),
    ]);
    return lab;
  }

  async tearDown(): Promise<void> {
    await Promise.all(Object.values(this.agents).map((agent) => agent.stop()));
    // By name, since the kernel takes its time to clear a namespace.
    for (const name of here) ip(`link delete br-${name.charAt(0)}`);
    for (const name of here.filter((one) => one !== "p1")) ip(`link delete vx-${name.charAt(0)}`);
    for (const link of ["up0", "up1", ...here.map((name) => `v-${name}`)]) ip(`link delete ${link}`);
    for (const name of namespaces) ip(`netns delete ${name}`);
    this.restore();
  }
}

/** A network of this host, with one container, and its tunnel where it has one. */
function addNetwork(name: (typeof here)[number]): void {
  const letter = name.charAt(0) as Letter;
  const part = spans[letter];
  const [address, address6] = spanAddresses(name);
  addBridge(`br-${letter}`, [`10.${part}.0.1/16`, `fd00:${part}::1/64`]);
  // Subnets that are as long as the host's block stand for what the driver does to neighbours beyond it.
  connect(name, {
    master: `br-${letter}`,
    addresses: [`${address}/26`, `${address6}/112`],
    gateway: [`10.${part}.0.1`, `fd00:${part}::1 dev eth0 onlink`],
  });
  setSysctl(`ipv4/conf/br-${letter}/forwarding`, "1");
  if (letter === "p") return;
  const link = `vx-${letter}`;
  ip(`link add ${link} address ${macAt("1", part)} type vxlan ${tunnel(letter, underlay.host[0], underlay.member[0])}`);
  ip(`link set ${link} up`);
  if (letter === "l") joinBridge();
  else routeTunnel(part, link);
}

/** The tunnel stands beside the bridge. */
function routeTunnel(part: number, link: string): void {
  const [base, base6] = [`10.${part}.0.64`, `fd00:${part}::2:0`];
  ip(`addr add 10.${part}.0.0/32 dev ${link}`);
  ip(`addr add fd00:${part}::1:0/128 dev ${link} nodad`);
  for (const remote of [base, base6]) ip(`neigh add ${remote} lladdr ${macAt("2", part)} dev ${link} nud permanent`);
  ip(`route add ${base}/26 via ${base} dev ${link} onlink src 10.${part}.0.0`);
  // IPv6 takes a gateway for one of the link only where it routes there (ip6_route_check_nh_onlink).
  ip(`route add ${base6}/128 dev ${link}`);
  ip(`route add ${base6}/112 via ${base6} dev ${link} onlink src fd00:${part}::1:0`);
  setSysctl(`ipv4/conf/${link}/forwarding`, "1");
}

/** The tunnel is a port of the bridge, which has the MAC address that the other host sends to. */
function joinBridge(): void {
  const part = spans.l;
  const [address, address6] = spanAddresses("l2");
  ip(`link set vx-l address ${macAt("3", part)} master br-l`);
  ip(`link set br-l address ${macAt("1", part)}`);
  ip(`addr add 10.${part}.0.0/32 dev br-l`);
  ip(`addr add fd00:${part}::1:0/128 dev br-l nodad`);
  for (const remote of [address, address6]) ip(`neigh add ${remote} lladdr ${macAt("2", part)} dev br-l nud permanent`);
  ip(`route add ${address}/32 dev br-l src 10.${part}.0.0`);
  ip(`route add ${address6}/128 dev br-l src fd00:${part}::1:0`);
  for (const way of [`${address}/32`, `${address6}/128`]) ip(`-n l1 route add ${way} dev eth0`);
}

/** A namespace that has nothing but the other end of a tunnel: all that it sends comes to this host. */
function addRemote(name: (typeof elsewhere)[number]): void {
  const [letter, host, to] =
    name === "s2"
      ? (["w", "outside", "198.51.100.1"] as const)
      : ([name.charAt(0) as Letter, "member", underlay.host[0]] as const);
  const part = spans[letter];
  const mac = macAt("2", part);
  ip(`-n ${host} link add t-${name} address ${mac} type vxlan ${tunnel(letter, underlay[host][0], to)}`);
  ip(`-n ${host} link set t-${name} netns ${name} name eth0`);
  for (const link of ["lo", "eth0"]) ip(`-n ${name} link set ${link} up`);
  const [address, address6] = spanAddresses(name);
  ip(`-n ${name} addr add ${address}/32 dev eth0`);
  ip(`-n ${name} addr add ${address6}/128 dev eth0 nodad`);
  for (const base of [`10.${part}.0.0`, `fd00:${part}::1:0`]) {
    ip(`-n ${name} neigh add ${base} lladdr ${macAt("1", part)} dev eth0 nud permanent`);
    ip(`-n ${name} route add default via ${base} dev eth0 onlink`);
  }
  if (letter !== "l") return;
  for (const neighbour of spanAddresses("l1")) ip(`-n ${name} route add ${neighbour} dev eth0`);
}

function tunnel(letter: Letter, local: string, remote: string): string {
  return `id ${vniOf(letter)} local ${local} remote ${remote} dstport 4789 nolearning`;
}

/** Of the one end of a tunnel or the other; `3` is that of a port. */
export function macAt(end: "1" | "2" | "3", part: number): string {
  return `02:00:00:00:${part}:0${end}`;
}
