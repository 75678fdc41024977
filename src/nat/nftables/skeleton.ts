import type { Chain } from "./chain.js";
import {
  type ComponentType,
  elementSet,
  elementSets,
  type SetName,
  type TableFamily,
  tableFamily,
} from "./element-sets.js";
import { guardChains } from "./guard-chains.js";
import { rawExpression } from "./raw-payload.js";
import { fromTrunk, noFrames, segmentChains, untracked } from "./segment-chains.js";

/**
 * The name of tsd's tables: one of family `inet`, and one of family `bridge`, which is made where a network is guarded and
 * nowhere else.
 */
export const TABLE = "tsd";

/**
 * A table's grows whenever rules, chains or sets of it change. A set whose type changes takes another name: those that
 * keep their name keep their elements when a newer tsd meets an older table.
 */
export const schemas: Readonly<Record<TableFamily, number>> = { inet: 6, bridge: 3 };

/** The schema that a chain's name states; undefined for any other chain. */
export function schemaOfChain(chain: string): number | undefined {
  const digits = /^schema_(\d+)$/.exec(chain)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Name of an empty chain whose presence states a table's schema, to a transaction as well as to a reader. */
export function schemaChain(family: TableFamily): string {
  return `schema_${schemas[family]}`;
}

/**
 * Everything of a table but elements, as nft(8) text: whatever the number of networks and ports, this is all there
 * is. Fails as a whole (EEXIST) where the table has this schema already, since rules added twice would stand twice.
 */
export function skeletonScript(family: TableFamily, table = TABLE): string {
  const place = `${family} ${table}`;
  return [`add table ${place}`, ...declarations(family, place), ""].join("\n");
}

/** Sets, chains and rules. */
export function declarations(family: TableFamily, place: string): readonly string[] {
  return [...declareSets(family, place), ...declareChains(family, place)];
}

/** Succeeds with or without a table to delete. */
export function purgeScript(family: TableFamily): string {
  return `add table ${family} ${TABLE}\ndelete table ${family} ${TABLE}\n`;
}

function setNames(family: TableFamily): readonly SetName[] {
  return (Object.keys(elementSets) as SetName[]).filter((name) => tableFamily(name) === family);
}

function declareSets(family: TableFamily, place: string): readonly string[] {
  return setNames(family).map((name) => {
    const { key, data, interval } = elementSet(name);
    const type = data === undefined ? typeWords(key) : `${typeWords(key)} : ${data.join(" . ")}`;
    const flags = interval ? " flags interval;" : "";
    return `add ${data === undefined ? "set" : "map"} ${place} ${name} { ${type};${flags} }`;
  });
}

/** What nft has no type for is declared by an expression of that type, and then so is what stands beside it. */
function typeWords(key: readonly ComponentType[]): string {
  if (key.every((type) => rawExpression(type) === undefined)) return `type ${key.map(nameOfType).join(" . ")}`;
  return `typeof ${key.map((type) => rawExpression(type) ?? expressions[type] ?? type).join(" . ")}`;
}

function nameOfType(type: ComponentType): string {
  return type.replace(/_subnet$/, "_addr");
}

const expressions: Readonly<Partial<Record<ComponentType, string>>> = {
  ifname: "iifname",
  ipv4_addr: "ip saddr",
  ipv6_addr: "ip6 saddr",
  inet_service: "udp dport",
};

/** In the order in which they are made. */
export function skeletonChains(family: TableFamily): readonly Chain[] {
  return [{ name: schemaChain(family), rules: [] }, ...(family === "inet" ? inetChains : guardChains())];
}

function declareChains(family: TableFamily, place: string): readonly string[] {
  return skeletonChains(family).flatMap(({ name, hook, rules }: Chain) => [
    `create chain ${place} ${name}${hook === undefined ? "" : ` { type ${hook}; policy accept; }`}`,
    ...rules.map((rule) => `add rule ${place} ${name} ${rule}`),
  ]);
}

/** What goes to an address of the host's is translated, and nothing else. */
const NOT_FOR_HOST = "fib daddr type != local return";

/** Of what is addressed to the host itself. */
const publications = [4, 6].map((family) => `meta nfproto ipv${family} goto publish${family}`);

/**
 * Chains before those that jump to them. nat chains see only the first packet of a connection. What the others do with the
 * packets of one comes first, since each set that a packet is looked up in costs it as much as a chain.
 */
const inetChains: readonly Chain[] = [
  { name: "publish4", rules: translations(4) },
  { name: "publish6", rules: translations(6) },
  {
    name: "inward",
    rules: [
      "ct state established,related accept",
      "ct status dnat accept",
      "iifname . oifname @neighbours accept",
      "oifname . iifname . ip saddr @remote_neighbours4 accept",
      "oifname . iifname . ip6 saddr @remote_neighbours6 accept",
      "iifgroup . oifname @group_neighbours accept",
      "iifname @bridges oifname @open accept",
      "oifname @pingable icmp type echo-request accept",
      "oifname @pingable icmpv6 type echo-request accept",
      ...allowances(4),
      ...allowances(6),
      "drop",
    ],
  },
  {
    name: "within",
    rules: [
      "iifname . oifname @same_bridge goto inward",
      "iifgroup . oifname @same_group goto inward",
      "oifname . iifname . ip saddr @remote4 goto inward",
      "oifname . iifname . ip6 saddr @remote6 goto inward",
      "iifname . oifname . ip daddr @remote4 accept",
      "iifname . oifname . ip6 daddr @remote6 accept",
      "drop",
    ],
  },
  {
    // The bridges have route_localnet set, without which the host could not reach a container from 127.0.0.1; this
    // keeps containers from the host's loopback, and from posing as it. Other hosts speak for their own containers alone.
    name: "from_bridge",
    rules: [
      "ip daddr 127.0.0.0/8 drop",
      "ip saddr 127.0.0.0/8 drop",
      "iifname @trunks fib saddr . iif oif missing drop",
      noFrames,
    ],
  },
  {
    // Before conntrack turns replies back.
    name: "guard_source",
    hook: "filter hook prerouting priority -300",
    rules: ["iifname @bridges goto from_bridge", ...untracked("saddr")],
  },
  fromTrunk,
  {
    // The kernel drops packets from other machines to 127.0.0.0/8 as martians, but only after this hook: a translated
    // one would get through, and with it reach ports published on 127.0.0.1 alone.
    name: "prerouting",
    hook: "nat hook prerouting priority -100",
    rules: [NOT_FOR_HOST, "ip daddr 127.0.0.0/8 return", ...publications],
  },
  {
    // IPv6 has no route_localnet: the kernel drops replies to ::1 from outside of lo, so it is better to refuse the caller.
    name: "output",
    hook: "nat hook output priority -100",
    rules: [NOT_FOR_HOST, "ip6 daddr ::1 return", ...publications],
  },
  {
    // A container that calls a port published behind its own bridge: replies must come back through the host.
    name: "staying",
    rules: ["ct status dnat masquerade", "accept"],
  },
  {
    name: "postrouting",
    hook: "nat hook postrouting priority 100",
    rules: [
      "iifname . oifname @same_bridge goto staying",
      // The same under br_netfilter, which turns such a packet round within the bridge and names no interface for it.
      "iif 0 oifname @bridges ct status dnat fib saddr type != local masquerade",
      "iifgroup . oifname @same_group accept",
      "iifname . oifname . ip daddr @remote4 accept",
      "iifname . oifname . ip6 daddr @remote6 accept",
      "ip saddr 127.0.0.0/8 oifname @bridges masquerade",
      "meta nfproto ipv4 snat ip to iifname map @snat4",
      "meta nfproto ipv6 snat ip6 to iifname map @snat6",
      "meta nfproto ipv4 iifname @masquerade4 masquerade",
      "meta nfproto ipv6 iifname @masquerade6 masquerade",
    ],
  },
  {
    name: "forward",
    hook: "filter hook forward priority 0",
    rules: [
      "iifname @internal goto within",
      "oifname @internal goto within",
      // All that the rules below would ask of a reply. Networks with isolate=false are called from others, by way of this host.
      "ct state established,related accept",
      "iifname @trunks goto within",
      "oifname @bridges goto inward",
    ],
  },
  ...segmentChains,
];

/** What may come in untranslated, from every caller or from one. */
function allowances(family: 4 | 6): readonly string[] {
  const ip = family === 4 ? "ip" : "ip6";
  return ["", "_range"].flatMap((kind) => [
    `${ip} daddr . meta l4proto . th dport @allow${family}${kind} accept`,
    `${ip} saddr . ${ip} daddr . meta l4proto . th dport @allow${family}_from${kind} accept`,
  ]);
}

/** Single ports before ranges, a particular host address before any: the first map that knows the packet decides. */
function translations(family: 4 | 6): readonly string[] {
  const ip = family === 4 ? "ip" : "ip6";
  return ["", "_range"].flatMap((kind) => [
    `dnat ${ip} to ${ip} daddr . meta l4proto . th dport map @publish${family}_at${kind}`,
    `dnat ${ip} to meta l4proto . th dport map @publish${family}${kind}`,
  ]);
}
