import { type ElementSet, elementSets } from "./element-sets.js";

/** The one table of tsd, of family `inet`. */
export const TABLE = "tsd";

/**
 * Grows whenever rules, chains or sets change. A set whose type changes takes another name: those that keep their name
 * keep their elements when a newer tsd meets an older table.
 */
export const SCHEMA = 2;

/** Name of an empty chain whose presence tells the schema, to a transaction as well as to a reader. */
export const SCHEMA_CHAIN = schemaChain(SCHEMA);

/** The schema that a chain's name tells; undefined for any other chain. */
export function schemaOfChain(chain: string): number | undefined {
  const digits = /^schema_(\d+)$/.exec(chain)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function schemaChain(schema: number): string {
  return `schema_${schema}`;
}

/**
 * Everything of the table but elements, as nft(8) text: whatever the number of networks and ports, this is all there
 * is. Fails as a whole (EEXIST) where the table has this schema already, since rules added twice would stand twice.
 */
export function skeletonScript(table = TABLE): string {
  return [`add table inet ${table}`, ...declareSets(table), ...declareChains(table), ""].join("\n");
}

/**
 * Replaces the chains and rules of an older table and leaves the elements of its sets alone; sets that are no longer
 * known go. One transaction, so no packet meets the table half-way; fails (ENOENT, EEXIST) where another process was
 * faster.
 */
export function upgradeScript(present: {
  readonly chains: readonly string[];
  readonly sets: readonly string[];
}): string {
  const obsolete = present.sets.filter((name) => !Object.hasOwn(elementSets, name));
  return [
    `flush table inet ${TABLE}`,
    ...present.chains.map((chain) => `delete chain inet ${TABLE} ${chain}`),
    ...obsolete.map((set) => `delete set inet ${TABLE} ${set}`),
    skeletonScript(),
  ].join("\n");
}

/** Succeeds with or without a table to delete. */
export const PURGE_SCRIPT = `add table inet ${TABLE}\ndelete table inet ${TABLE}\n`;

function declareSets(table: string): readonly string[] {
  return Object.entries<ElementSet>(elementSets).map(([name, { key, data, interval }]) => {
    const type = data === undefined ? key.join(" . ") : `${key.join(" . ")} : ${data.join(" . ")}`;
    const flags = interval ? " flags interval;" : "";
    return `add ${data === undefined ? "set" : "map"} inet ${table} ${name} { type ${type};${flags} }`;
  });
}

function declareChains(table: string): readonly string[] {
  return chains.flatMap(({ name, hook, rules }) => [
    `create chain inet ${table} ${name}${hook === undefined ? "" : ` { type ${hook}; policy accept; }`}`,
    ...rules.map((rule) => `add rule inet ${table} ${name} ${rule}`),
  ]);
}

interface Chain {
  readonly name: string;
  readonly hook?: string;
  readonly rules: readonly string[];
}

/** Chains before those that jump to them. nat chains see only the first packet of a connection. */
const chains: readonly Chain[] = [
  { name: SCHEMA_CHAIN, rules: [] },
  { name: "publish4", rules: translations(4) },
  { name: "publish6", rules: translations(6) },
  {
    name: "inward",
    rules: [
      "ct state established,related accept",
      "ct status dnat accept",
      "iifname . oifname @neighbours accept",
      "iifname @bridges oifname @open accept",
      "oifname @pingable icmp type echo-request accept",
      "oifname @pingable icmpv6 type echo-request accept",
      ...allowances(4),
      ...allowances(6),
      "drop",
    ],
  },
  { name: "within", rules: ["iifname . oifname @same_bridge goto inward", "drop"] },
  {
    // The bridges have route_localnet set, without which the host could not reach a container from 127.0.0.1; this
    // keeps containers from the host's loopback, and from posing as it. Before conntrack turns replies back.
    name: "guard_loopback",
    hook: "filter hook prerouting priority -300",
    rules: ["iifname @bridges ip daddr 127.0.0.0/8 drop", "iifname @bridges ip saddr 127.0.0.0/8 drop"],
  },
  {
    // The kernel drops packets from other machines to 127.0.0.0/8 as martians, but only after this hook: a translated
    // one would get through, and with it reach ports published on 127.0.0.1 alone.
    name: "prerouting",
    hook: "nat hook prerouting priority -100",
    rules: ["ip daddr 127.0.0.0/8 return", ...dispatch()],
  },
  {
    // IPv6 has no route_localnet: the kernel drops answers to ::1 from outside of lo, so a caller is better off refused.
    name: "output",
    hook: "nat hook output priority -100",
    rules: ["ip6 daddr ::1 return", ...dispatch()],
  },
  {
    name: "postrouting",
    hook: "nat hook postrouting priority 100",
    rules: [
      // A container that calls a port published behind its own bridge: answers must come back through the host.
      "iifname . oifname @same_bridge ct status dnat masquerade",
      // The same under br_netfilter, which turns such a packet round within the bridge and names no interface for it.
      "iif 0 oifname @bridges ct status dnat fib saddr type != local masquerade",
      "iifname . oifname @same_bridge accept",
      "oifname @bridges ip saddr 127.0.0.0/8 masquerade",
      "meta nfproto ipv4 snat ip to iifname map @snat4",
      "meta nfproto ipv6 snat ip6 to iifname map @snat6",
      "meta nfproto ipv4 iifname @masquerade4 masquerade",
      "meta nfproto ipv6 iifname @masquerade6 masquerade",
    ],
  },
  {
    name: "forward",
    hook: "filter hook forward priority 0",
    rules: ["iifname @internal goto within", "oifname @internal goto within", "oifname @bridges goto inward"],
  },
];

/** Sends what is addressed to the host itself to the publications of its family. */
function dispatch(): readonly string[] {
  return [4, 6].map((family) => `meta nfproto ipv${family} fib daddr type local goto publish${family}`);
}

/** What may come in untranslated, from anybody or from one caller. */
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
