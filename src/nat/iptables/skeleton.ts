import type { Family, Table } from "./rule.js";

/** A chain of tsd that holds the same rules whatever is published. */
export interface StaticChain {
  readonly name: string;
  /** In the words and the order of iptables-save(8), so that they can be compared with what is there. */
  readonly rules: readonly string[];
}

/** Everything of one table but the rules that intents make. */
export interface TableSkeleton {
  /** Empty chains that intents fill; declared before those that jump to them. */
  readonly filled: readonly string[];
  readonly fixed: readonly StaticChain[];
  /** Which chain of iptables' own is left for which of tsd's. */
  readonly jumps: Readonly<Record<string, string>>;
}

/**
 * What a table of one family needs before an intent's rules go into it; the same on every host. Nothing of tsd's belongs into
 * the tables that it does not use.
 */
export function tableSkeleton(family: Family, table: string): TableSkeleton {
  switch (table as Table) {
    case "raw":
      return { filled: ["TSD-GUARD"], fixed: [], jumps: { PREROUTING: "TSD-GUARD" } };
    case "filter":
      return {
        filled: ["TSD-INTERNAL", "TSD-BRIDGES", "TSD-ALLOW", "TSD-FROM-BRIDGES"],
        fixed: [inward, forward],
        jumps: { FORWARD: "TSD-FORWARD" },
      };
    case "nat":
      return {
        filled: ["TSD-PORT-AT", "TSD-PORT", "TSD-RANGE-AT", "TSD-RANGE", "TSD-POSTROUTING"],
        fixed: [publish, ...dispatch(family)],
        jumps: { PREROUTING: "TSD-PREROUTING", OUTPUT: "TSD-OUTPUT", POSTROUTING: "TSD-POSTROUTING" },
      };
    default:
      return { filled: [], fixed: [], jumps: {} };
  }
}

/** What must not pass between a bridge and the outside, before what may come in to one. */
const forward: StaticChain = {
  name: "TSD-FORWARD",
  rules: ["-A TSD-FORWARD -j TSD-INTERNAL", "-A TSD-FORWARD -j TSD-BRIDGES"],
};

/**
 * What may be forwarded to a bridge from elsewhere. Replies and published ports are returned, so that the host's own
 * rules are asked as well. What an intent allows by itself is accepted: a chain below cannot return past this one's drop.
 */
const inward: StaticChain = {
  name: "TSD-INWARD",
  rules: [
    "-A TSD-INWARD -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
    "-A TSD-INWARD -m conntrack --ctstate DNAT -j RETURN",
    "-A TSD-INWARD -j TSD-ALLOW",
    "-A TSD-INWARD -j DROP",
  ],
};

/** Single ports before ranges, a particular host address before any: the first rule that knows the packet decides. */
const publish: StaticChain = {
  name: "TSD-PUBLISH",
  rules: ["TSD-PORT-AT", "TSD-PORT", "TSD-RANGE-AT", "TSD-RANGE"].map((chain) => `-A TSD-PUBLISH -j ${chain}`),
};

/** Sends what is addressed to the host itself to the publications. */
function dispatch(family: Family): readonly StaticChain[] {
  const local = "-m addrtype --dst-type LOCAL -j TSD-PUBLISH";
  // The kernel drops packets from other machines to 127.0.0.0/8 as martians, but only after this hook: a translated one
  // would reach ports published on 127.0.0.1 alone. IPv6 has no route_localnet: answers to ::1 from outside of lo are
  // dropped, so a caller is better off refused.
  const [before, here] = family === 4 ? ["! -d 127.0.0.0/8 ", ""] : ["", "! -d ::1/128 "];
  return [
    { name: "TSD-PREROUTING", rules: [`-A TSD-PREROUTING ${before}${local}`] },
    { name: "TSD-OUTPUT", rules: [`-A TSD-OUTPUT ${here}${local}`] },
  ];
}
