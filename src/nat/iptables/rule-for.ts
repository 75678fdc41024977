import type { PacketEffect } from "../../api/index.js";
import { rulesOf } from "./intent-rules.js";
import type { PlacedRule } from "./placed-rule.js";

type Aspect = NonNullable<PacketEffect["aspect"]>;

/** Chains that an isolation has rules in, and what distinguishes one from its neighbours there. */
const marks: Readonly<Record<Exclude<Aspect, "published">, readonly [chain: string, mark: RegExp]>> = {
  neighbour: ["TSD-ALLOW", /--src-group /],
  open: ["TSD-ALLOW", /-j TSD-FROM-BRIDGES$/],
  pingable: ["TSD-ALLOW", /-p (icmp|ipv6-icmp) /],
  internal: ["TSD-INTERNAL", /-j DROP$/],
  hairpin: ["TSD-POSTROUTING", /-i .* --ctstate DNAT/],
  loopback: ["TSD-POSTROUTING", /-s 127\.0\.0\.0\/8 /],
  trunk: ["TSD-FROM-BRIDGES", /-j ACCEPT$/],
  else: ["TSD-BRIDGES", /-j TSD-INWARD$/],
};

/** `rule -A TSD-PORT … of table nat (iptables)`; see {@link NatBackend.ruleFor}. */
export function ruleFor({ intent, aspect, family }: PacketEffect): string | undefined {
  const program = family === 4 ? "iptables" : "ip6tables";
  if (aspect === "published")
    return `rule -A TSD-INWARD -m conntrack --ctstate DNAT -j ACCEPT of table filter (${program})`;
  const rules = rulesOf([intent]).filter((rule) => rule.family === family && isMeant(rule, aspect));
  const [rule] = rules;
  if (rule === undefined) return undefined;
  const place = `rule ${rule.line} of table ${rule.table} (${program})`;
  return aspect === "else" ? `last rule of chain TSD-INWARD, to which ${place} leads` : place;
}

function isMeant({ chain, line }: PlacedRule, aspect: Exclude<Aspect, "published"> | undefined): boolean {
  if (aspect === undefined) return true;
  const [wanted, mark] = marks[aspect];
  return chain === wanted && mark.test(line);
}
