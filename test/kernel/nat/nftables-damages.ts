import { schemaChain } from "../../../src/nat/nftables/skeleton.js";
import { run } from "./private-host.js";

const tables = ["inet", "bridge"] as const;

interface Rule {
  readonly place: string;
  readonly chain: string;
  readonly text: string;
  readonly handle: string;
}

/** Every rule and chain of both tables deleted, moved or joined by another, and all that can be changed about a table. */
export function nftablesDamages(): Readonly<Record<string, () => unknown>> {
  const rules = tables.flatMap(rulesOf);
  const chains = [...new Set(rules.map(({ place, chain }) => `${place} ${chain}`))];
  return Object.fromEntries([
    ...rules.map(({ place, chain, text, handle }) => [
      `without "${text}" in ${chain}`,
      () => nft(`delete rule ${place} ${chain} handle ${handleOf(place, chain, text) ?? handle}`),
    ]),
    ...chains.flatMap((chain) => [
      [`accept before all of ${chain}`, () => nft(`insert rule ${chain} accept`)],
      [`a counter after all of ${chain}`, () => nft(`add rule ${chain} counter`)],
      [`${chain} flushed`, () => nft(`flush chain ${chain}`)],
    ]),
    ...Object.entries(others).map(([what, script]) => [what, () => nft(script)]),
    [
      "two rules of forward exchanged",
      () =>
        nft(
          `delete rule inet tsd forward handle ${handleOf("inet tsd", "forward", "iifname @internal")}; add rule inet tsd forward iifname @internal goto within`,
        ),
    ],
    ["a rule twice", () => nft("add rule inet tsd forward iifname @internal goto within")],
    [
      "a rule written otherwise",
      () =>
        nft(
          `replace rule inet tsd forward handle ${handleOf("inet tsd", "forward", "oifname @bridges")} oifname @internal goto inward`,
        ),
    ],
    [
      "a set of a rule written otherwise",
      () =>
        nft(
          `replace rule bridge tsd message6 handle ${handleOf("bridge tsd", "message6", "icmpv6 type { nd-router")} icmpv6 type { nd-router-solicit, nd-redirect } drop`,
        ),
    ],
  ]);
}

const forward = "inet tsd forward { type filter hook forward priority 0; policy drop; }";

const others: Readonly<Record<string, string>> = {
  "a chain's policy": `add chain ${forward}`,
  "a chain's policy in the other table":
    "add chain bridge tsd guard { type filter hook prerouting priority -300; policy drop; }",
  "a dormant table": "add table inet tsd { flags dormant; }",
  "the other table dormant": "add table bridge tsd { flags dormant; }",
  "a dormant table that is damaged as well": "flush chain inet tsd forward; add table inet tsd { flags dormant; }",
  "a chain's hook":
    "delete chain inet tsd guard_source; add chain inet tsd guard_source { type filter hook input priority -300; }",
  "a chain's priority":
    "flush chain inet tsd forward; delete chain inet tsd forward; add chain inet tsd forward { type filter hook forward priority 5; policy accept; }; add rule inet tsd forward iifname @internal goto within; add rule inet tsd forward oifname @internal goto within; add rule inet tsd forward oifname @bridges goto inward",
  "a chain without its hook": "flush chain inet tsd forward; delete chain inet tsd forward; add chain inet tsd forward",
  "a chain too many": "add chain inet tsd theirs { type filter hook forward priority -5; policy drop; }",
  "a chain that is called":
    "add chain inet tsd theirs; add rule inet tsd theirs accept; insert rule inet tsd inward jump theirs",
  "a schema too many": "add chain inet tsd schema_99",
  "no schema": `delete chain inet tsd ${schemaChain("inet")}`,
  "a set too many": "add set inet tsd theirs { type ipv4_addr; }",
  "a map of verdicts that leads to a chain":
    'add map inet tsd theirs { type ifname : verdict; }; add element inet tsd theirs { "x" : goto inward }; insert rule inet tsd forward iifname vmap @theirs',
  "a counter and a quota by name":
    "add counter inet tsd hits; add quota inet tsd much { 10 mbytes }; add ct timeout inet tsd long { protocol tcp; }",
  "an element of no owner": 'add element inet tsd open { "br-111111111111" }',
  "an element of a foreign owner": 'add element inet tsd internal { "eth0" comment "admin" }',
  "a set that holds everything": "add element inet tsd open { * }",
  "a map that sends everything elsewhere": "add element inet tsd snat4 { * : 192.0.2.9 }",
  "a set with another type": remake("open", "{ type ipv4_addr; }"),
  "a set with other flags": remake("allow4", "{ type ipv4_addr . inet_proto . inet_service; flags timeout; }"),
  "a map with another type": remake(
    "publish6_range",
    "{ type inet_proto . inet_service : ipv6_addr . inet_service; }",
    "map",
  ),
  "no set": `flush table inet tsd; delete set inet tsd pingable`,
  "a flushed set": "flush set inet tsd bridges",
  "a deleted table": "delete table bridge tsd",
  "a flushed table": "flush table inet tsd",
};

/** A set can be deleted once no rule uses it. */
function remake(set: string, declaration: string, kind = "set"): string {
  return `flush table inet tsd; delete set inet tsd ${set}; add ${kind} inet tsd ${set} ${declaration}`;
}

function rulesOf(family: string): readonly Rule[] {
  const rules: Rule[] = [];
  let chain = "";
  for (const line of run("nft", "-a", "-s", "list", "table", family, "tsd").split("\n")) {
    chain = /^\tchain (\S+)/.exec(line)?.[1] ?? chain;
    const [, text, handle] = /^\t\t(.*) # handle (\d+)$/.exec(line) ?? [];
    if (text !== undefined && handle !== undefined) rules.push({ place: `${family} tsd`, chain, text, handle });
  }
  return rules.filter(({ text }) => !text.startsWith("type "));
}

function handleOf(place: string, chain: string, start: string): string | undefined {
  const [family = ""] = place.split(" ");
  return rulesOf(family).find((rule) => rule.chain === chain && rule.text.startsWith(start))?.handle;
}

function nft(script: string): void {
  run("nft", script);
}
