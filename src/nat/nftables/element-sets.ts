/** Types of key and data components, by their names in nft(8). */
export type ComponentType = "ifname" | "ipv4_addr" | "ipv6_addr" | "inet_proto" | "inet_service";

export interface ElementSet {
  readonly key: readonly ComponentType[];
  /** Makes it a map. */
  readonly data?: readonly ComponentType[];
  /** The last component of a key is a range. */
  readonly interval?: true;
}

/**
 * Every set and map of tsd's table: all that differs between one host and another is in them. Names end in the address
 * family they serve; `_at` maps hold publications on one address of the host, `_range` maps lead a run of ports to the
 * same ports of a container.
 */
export const elementSets = {
  /** Bridges into which only replies, published ports and neighbours may be forwarded. */
  bridges: { key: ["ifname"] },
  /** Pairs of in and out interface between which packets pass freely. */
  same_bridge: { key: ["ifname", "ifname"] },
  /** Bridges whose packets leave the host under the host's address. */
  masquerade4: { key: ["ifname"] },
  masquerade6: { key: ["ifname"] },
  publish4: { key: ["inet_proto", "inet_service"], data: ["ipv4_addr", "inet_service"] },
  publish4_at: { key: ["ipv4_addr", "inet_proto", "inet_service"], data: ["ipv4_addr", "inet_service"] },
  publish4_range: { key: ["inet_proto", "inet_service"], data: ["ipv4_addr"], interval: true },
  publish4_at_range: { key: ["ipv4_addr", "inet_proto", "inet_service"], data: ["ipv4_addr"], interval: true },
  publish6: { key: ["inet_proto", "inet_service"], data: ["ipv6_addr", "inet_service"] },
  publish6_at: { key: ["ipv6_addr", "inet_proto", "inet_service"], data: ["ipv6_addr", "inet_service"] },
  publish6_range: { key: ["inet_proto", "inet_service"], data: ["ipv6_addr"], interval: true },
  publish6_at_range: { key: ["ipv6_addr", "inet_proto", "inet_service"], data: ["ipv6_addr"], interval: true },
} as const satisfies Readonly<Record<string, ElementSet>>;

export type SetName = keyof typeof elementSets;

/** The same table under its wider type, for code that treats all sets alike. */
export function elementSet(name: SetName): ElementSet {
  return elementSets[name];
}
