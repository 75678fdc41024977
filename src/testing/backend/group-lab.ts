import type { NatIntent } from "../../api/index.js";
import { Agent } from "../lab/agent.js";
import { connect, ip, setSysctl } from "../lab/topology.js";

/** Groups of links by number, which is the second part of their addresses too, and what their isolation is. */
const groups: Readonly<Record<number, object>> = { 71: {}, 72: {}, 73: { internal: true }, 74: { apart: true } };
/** Containers with a link of their own each: its group, and the third part of their addresses. */
const containers = {
  g1: { group: 71, octet: 1 },
  g2: { group: 71, octet: 2 },
  h1: { group: 72, octet: 3 },
  i1: { group: 73, octet: 4 },
  i2: { group: 73, octet: 5 },
  j1: { group: 74, octet: 6 },
  j2: { group: 74, octet: 7 },
} as const;

export type Member = keyof typeof containers;

/** IPv4 first. */
export function addressesOf(name: Member): readonly [string, string] {
  const { group, octet } = containers[name];
  return [`10.${group}.${octet}.2`, `fd00:${group}:${octet}::2`];
}

/** Containers that the host leads a link to each, without a bridge, and another machine on its wire. Each serves port 80. */
export class GroupLab {
  private constructor(
    readonly agents: Readonly<Record<Member | "outside", Agent>>,
    private readonly restore: () => void,
  ) {}

  static async build(): Promise<GroupLab> {
    for (const name of ["outside", ...Object.keys(containers)]) ip(`netns add ${name}`);
    connect("outside", { hostEnd: "up0", addresses: ["192.0.2.2/24"] });
    ip("addr add 192.0.2.1/24 dev up0");
    ip("-n outside route add 10.0.0.0/8 via 192.0.2.1");
    for (const [name, { group, octet }] of Object.entries(containers)) {
      const gateway = [`10.${group}.${octet}.1`, `fd00:${group}:${octet}::1`] as const;
      const [address, address6] = addressesOf(name as Member);
      connect(name, { addresses: [`${address}/24`, `${address6}/64`] });
      ip(`link set v-${name} group ${group}`);
      ip(`addr add ${gateway[0]}/24 dev v-${name}`);
      // The kernel's own link-local address is tentative at first, and no neighbour is asked from that.
      for (const own of [`${gateway[1]}/64`, "fe80::1/64"]) ip(`addr add ${own} dev v-${name} nodad`);
      for (const via of gateway) ip(`-n ${name} route add default via ${via}`);
      setSysctl(`ipv4/conf/v-${name}/forwarding`, "1");
    }
    setSysctl("ipv4/conf/up0/forwarding", "1");
    const restore = setSysctl("ipv6/conf/all/forwarding", "1");
    const names = ["outside", ...Object.keys(containers)];
    const agents = Object.fromEntries(names.map((name) => [name, new Agent(name)])) as GroupLab["agents"];
    await Promise.all(Object.entries(agents).map(([name, agent]) => agent.serve(name, 80)));
    return new GroupLab(agents, restore);
  }

  async tearDown(): Promise<void> {
    await Promise.all(Object.values(this.agents).map((agent) => agent.stop()));
    // By name, since the kernel takes its time to clear a namespace.
    for (const link of ["up0", ...Object.keys(containers).map((name) => `v-${name}`)]) ip(`link delete ${link}`);
    for (const name of ["outside", ...Object.keys(containers)]) ip(`netns delete ${name}`);
    this.restore();
  }
}

/** What a driver asks for that leads a link to each container. */
export function groupIntents(): readonly NatIntent[] {
  return Object.entries(containers).flatMap(([name, { group, octet }]): readonly NatIntent[] => {
    const intent = { owner: String(octet).repeat(64), bridge: `v-${name}`, group };
    const subnets = [`10.${group}.0.0/16`, `fd00:${group}::/32`];
    return [
      { kind: "isolate", ...intent, ...groups[group] },
      ...subnets.map((subnet): NatIntent => ({ kind: "masquerade", ...intent, subnet })),
    ];
  });
}
