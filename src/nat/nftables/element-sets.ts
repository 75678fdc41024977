/**
 * Types of key and data components, by their names in nft(8). It has none for addresses in neighbour discovery, which
 * begin with `nd_` here, nor for a VXLAN network identifier. A subnet is a range of addresses to it.
 */
export type ComponentType =
  | "ifname"
  | "devgroup"
  | "ether_addr"
  | "ipv4_addr"
  | "ipv6_addr"
  | "ipv4_subnet"
  | "ipv6_subnet"
  | "inet_proto"
  | "inet_service"
  | "nd_ether_addr"
  | "nd_ipv6_addr"
  | "vni";

/** The families in which tsd has a table. */
export const tableFamilies = ["inet", "bridge"] as const;
export type TableFamily = (typeof tableFamilies)[number];

export interface ElementSet {
  /** Whose table it is in; absent: `inet`. */
  readonly family?: "bridge";
  readonly key: readonly ComponentType[];
  /** Makes it a map. */
  readonly data?: readonly ComponentType[];
  /** The last component of a key is a range, or a subnet. */
  readonly interval?: true;
}

/**
 * Every set and map of tsd's tables: all that differs between one host and another is in them. Names end in the address
 * family they serve; `_at` maps hold publications on one address of the host, `_range` maps lead a run of ports to the
 * same ports of a container.
 */
export const elementSets = {
  /** Bridges into which only replies, published ports, neighbours and what is allowed may be forwarded. */
  bridges: { key: ["ifname"] },
  /** Links that lead to other hosts of a network, and to nothing else: those of them that packets pass, and those that encrypt. */
  trunks: { key: ["ifname"] },
  /** Each bridge with itself and its trunk: in and out interface of packets that stay in the network. */
  same_bridge: { key: ["ifname", "ifname"] },
  /** Those of them whose containers reach each other freely. */
  neighbours: { key: ["ifname", "ifname"] },
  /** The group of a network's links with each of them: where a packet came in, and where it leaves. */
  same_group: { key: ["devgroup", "ifname"] },
  /** Those of them whose containers reach each other freely. */
  group_neighbours: { key: ["devgroup", "ifname"] },
  /** A bridge, the link by which other hosts of its network are without a tunnel, and their addresses. */
  remote4: { key: ["ifname", "ifname", "ipv4_subnet"], interval: true },
  remote6: { key: ["ifname", "ifname", "ipv6_subnet"], interval: true },
  /** Those of them whose containers reach those behind the bridge freely. */
  remote_neighbours4: { key: ["ifname", "ifname", "ipv4_subnet"], interval: true },
  remote_neighbours6: { key: ["ifname", "ifname", "ipv6_subnet"], interval: true },
  /** Bridges that nothing passes into or out of. */
  internal: { key: ["ifname"] },
  /** Bridges that the containers of all others reach. */
  open: { key: ["ifname"] },
  /** Bridges whose containers accept pings from everywhere. */
  pingable: { key: ["ifname"] },
  /** Bridges whose packets leave the host under the host's address. */
  masquerade4: { key: ["ifname"] },
  masquerade6: { key: ["ifname"] },
  /** Bridges whose packets leave the host under that address. */
  snat4: { key: ["ifname"], data: ["ipv4_addr"] },
  snat6: { key: ["ifname"], data: ["ipv6_addr"] },
  /** Container, protocol and port that every caller may reach; in `_from` the caller comes first. */
  allow4: { key: ["ipv4_addr", "inet_proto", "inet_service"] },
  allow4_range: { key: ["ipv4_addr", "inet_proto", "inet_service"], interval: true },
  allow4_from: { key: ["ipv4_addr", "ipv4_addr", "inet_proto", "inet_service"] },
  allow4_from_range: { key: ["ipv4_addr", "ipv4_addr", "inet_proto", "inet_service"], interval: true },
  allow6: { key: ["ipv6_addr", "inet_proto", "inet_service"] },
  allow6_range: { key: ["ipv6_addr", "inet_proto", "inet_service"], interval: true },
  allow6_from: { key: ["ipv6_addr", "ipv6_addr", "inet_proto", "inet_service"] },
  allow6_from_range: { key: ["ipv6_addr", "ipv6_addr", "inet_proto", "inet_service"], interval: true },
  publish4: { key: ["inet_proto", "inet_service"], data: ["ipv4_addr", "inet_service"] },
  publish4_at: { key: ["ipv4_addr", "inet_proto", "inet_service"], data: ["ipv4_addr", "inet_service"] },
  publish4_range: { key: ["inet_proto", "inet_service"], data: ["ipv4_addr"], interval: true },
  publish4_at_range: { key: ["ipv4_addr", "inet_proto", "inet_service"], data: ["ipv4_addr"], interval: true },
  publish6: { key: ["inet_proto", "inet_service"], data: ["ipv6_addr", "inet_service"] },
  publish6_at: { key: ["ipv6_addr", "inet_proto", "inet_service"], data: ["ipv6_addr", "inet_service"] },
  publish6_range: { key: ["inet_proto", "inet_service"], data: ["ipv6_addr"], interval: true },
  publish6_at_range: { key: ["ipv6_addr", "inet_proto", "inet_service"], data: ["ipv6_addr"], interval: true },
  /** Port and number of the VXLAN segments that members alone send frames of. */
  segments: { key: ["inet_service", "vni"] },
  /** Those of them that come and go by one link alone, and by which. */
  sealed: { key: ["inet_service", "vni"] },
  sealed_by: { key: ["ifname", "inet_service", "vni"] },
  /** A member's address, and the segment. */
  member4: { key: ["ipv4_addr", "inet_service", "vni"] },
  member6: { key: ["ipv6_addr", "inet_service", "vni"] },
  /** A bridge, and addresses of the host that are there for other hosts of its network alone. */
  own4: { key: ["ifname", "ipv4_addr"] },
  own6: { key: ["ifname", "ipv6_addr"] },
  /** Ports that lead to other hosts of their network. */
  inlets: { family: "bridge", key: ["ifname"] },
  /** Such a port, and an address of the host that is reached by it. */
  inlet4: { family: "bridge", key: ["ifname", "ipv4_addr"] },
  inlet6: { family: "bridge", key: ["ifname", "ipv6_addr"] },
  /** Ports by which nothing comes in but what the sets below say. */
  guarded: { family: "bridge", key: ["ifname"] },
  /** A port and the source of its frames. */
  guard_mac: { family: "bridge", key: ["ifname", "ether_addr"] },
  /** A port and the sender of its ARP. */
  guard_arp: { family: "bridge", key: ["ifname", "ether_addr", "ipv4_addr"] },
  /** A port and the source of its packets. */
  guard4: { family: "bridge", key: ["ifname", "ipv4_addr"] },
  guard6: { family: "bridge", key: ["ifname", "ipv6_addr"] },
  /** A port, and what it may say or ask of itself in neighbour discovery. */
  guard_target: { family: "bridge", key: ["ifname", "nd_ipv6_addr"] },
  guard_option: { family: "bridge", key: ["ifname", "nd_ether_addr"] },
} as const satisfies Readonly<Record<string, ElementSet>>;

export type SetName = keyof typeof elementSets;

/** The same list under its wider type, for code that treats all sets alike. */
export function elementSet(name: SetName): ElementSet {
  return elementSets[name];
}

/** The family of the table that the set is in. */
export function tableFamily(name: SetName): TableFamily {
  return elementSet(name).family ?? "inet";
}
