import type { Family } from "../../api/address-family.js";
import type { Table } from "./rule.js";

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
      return { filled: ["TSD-SEGMENTS", "TSD-GUARD"], fixed: [], jumps: { PREROUTING: "TSD-GUARD" } };
    case "mangle":
      return {
        filled: ["TSD-TRUNKS", "TSD-MEMBERS", "TSD-RECEIVED", "TSD-TO-HOST", "TSD-SEND"],
        fixed: [receive, fromTrunk(family), input],
        jumps: { PREROUTING: "TSD-TRUNKS", INPUT: "TSD-INPUT", OUTPUT: "TSD-SEND" },
      };
    case "filter":
      return {
        filled: ["TSD-SAME-NETWORK", "TSD-INTERNAL", "TSD-BRIDGES", "TSD-ALLOW", "TSD-FROM-BRIDGES"],
        fixed: [inward, within, forward],
        jumps: { FORWARD: "TSD-FORWARD" },
      };
    case "nat":
      return {
        filled: ["TSD-PORT-AT", "TSD-PORT", "TSD-RANGE-AT", "TSD-RANGE", "TSD-STAYING", "TSD-POSTROUTING"],
        fixed: [publish, ...dispatch(family), leaving],
        jumps: { PREROUTING: "TSD-PREROUTING", OUTPUT: "TSD-OUTPUT", POSTROUTING: "TSD-LEAVING" },
      };
    default:
      return { filled: [], fixed: [], jumps: {} };
  }
}

/**
 * What must not pass between a bridge and the outside, before what may come in to one, and what leaves one. All that tsd lets
 * pass is accepted here, as docker does it: many a host drops what it does not know (ufw, a host that had docker), and rules
 * behind these would drop it after all.
 */
const forward: StaticChain = {
  name: "TSD-FORWARD",
  rules: ["TSD-INTERNAL", "TSD-BRIDGES", "TSD-FROM-BRIDGES"].map((chain) => `-A TSD-FORWARD -j ${chain}`),
};

/** What may be forwarded to a bridge from elsewhere: replies, published ports, and what an intent allows by itself. */
const inward: StaticChain = {
  name: "TSD-INWARD",
  rules: [
    "-A TSD-INWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A TSD-INWARD -m conntrack --ctstate DNAT -j ACCEPT",
    "-A TSD-INWARD -j TSD-ALLOW",
    "-A TSD-INWARD -j DROP",
  ],
};

/** Nothing passes between an internal network and the outside, but there may be more of it on other hosts. */
const within: StaticChain = {
  name: "TSD-WITHIN",
  rules: ["-A TSD-WITHIN -j TSD-SAME-NETWORK", "-A TSD-WITHIN -j DROP"],
};

/** Between hosts of one network addresses stay what they are. */
const leaving: StaticChain = {
  name: "TSD-LEAVING",
  rules: ["TSD-STAYING", "TSD-POSTROUTING"].map((chain) => `-A TSD-LEAVING -j ${chain}`),
};

/** What comes to the host itself by a trunk, and frames of a segment. */
const input: StaticChain = {
  name: "TSD-INPUT",
  rules: ["TSD-TO-HOST", "TSD-RECEIVED"].map((chain) => `-A TSD-INPUT -j ${chain}`),
};

/** Frames of a segment come from members. */
const receive: StaticChain = {
  name: "TSD-RECEIVE",
  rules: ["-A TSD-RECEIVE -j TSD-MEMBERS", "-A TSD-RECEIVE -j DROP"],
};

/** Containers elsewhere have a host of their own: of this one they get replies and pings. */
function fromTrunk(family: Family): StaticChain {
  const ping = family === 4 ? "-p icmp -m icmp --icmp-type 8" : "-p ipv6-icmp -m icmp6 --icmpv6-type 128";
  return {
    name: "TSD-FROM-TRUNK",
    rules: [
      "-A TSD-FROM-TRUNK -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      `-A TSD-FROM-TRUNK ${ping} -j ACCEPT`,
      "-A TSD-FROM-TRUNK -j DROP",
    ],
  };
}

/** Single ports before ranges, a particular host address before any: the first rule that knows the packet decides. */
const publish: StaticChain = {
  name: "TSD-PUBLISH",
  rules: ["TSD-PORT-AT", "TSD-PORT", "TSD-RANGE-AT", "TSD-RANGE"].map((chain) => `-A TSD-PUBLISH -j ${chain}`),
};

/** Sends what is addressed to the host itself to the publications. */
function dispatch(family: Family): readonly StaticChain[] {
  const local = "-m addrtype --dst-type LOCAL -j TSD-PUBLISH";
  // The kernel drops packets from other machines to 127.0.0.0/8 as martians, but only after this hook: a translated one
  // would reach ports published on 127.0.0.1 alone. IPv6 has no route_localnet: replies to ::1 from outside of lo are
  // dropped, so a caller is better off refused.
  const [before, here] = family === 4 ? ["! -d 127.0.0.0/8 ", ""] : ["", "! -d ::1/128 "];
  return [
    { name: "TSD-PREROUTING", rules: [`-A TSD-PREROUTING ${before}${local}`] },
    { name: "TSD-OUTPUT", rules: [`-A TSD-OUTPUT ${here}${local}`] },
  ];
}
