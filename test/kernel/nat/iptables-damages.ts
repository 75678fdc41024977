import { execFileSync } from "node:child_process";
import { run } from "./private-host.js";

/**
 * Every rule of tsd's chains and every jump there deleted, and all else that can be done to them, in both families. Both
 * programs print alike, so that one of them need not meet each.
 */
export function iptablesDamages(variant: string): Readonly<Record<string, () => unknown>> {
  return Object.fromEntries(
    ["iptables", "ip6tables"].flatMap((program) => {
      const tables = run(`${program}-${variant}-save`).split(/^\*/m).slice(1);
      return tables.flatMap((section) => {
        const [table = "", ...lines] = section.split("\n");
        const restore = (...changes: readonly string[]) => {
          const input = [`*${table}`, ...changes, "COMMIT", ""].join("\n");
          execFileSync(`${program}-${variant}-restore`, ["--noflush"], { input });
        };
        const chains = lines.flatMap((line) => /^:(TSD-\S+)/.exec(line)?.[1] ?? []);
        const rules = lines.filter((line) => /^-A .*TSD-/.test(line));
        const place = `of ${program}, table ${table}`;
        return [
          ...rules
            .filter((_line, index) => variant === "nft" || index === 0)
            .map((line) => [`without ${line} ${place}`, () => restore(line.replace(/^-A/, "-D"))]),
          ...chains.map((chain, index) => {
            const change = index % 2 === 0 ? `-I ${chain} -j ACCEPT` : `-A ${chain} -i eth7 -j RETURN`;
            return [`${change} ${place}`, () => restore(change)];
          }),
          ...(others[table] ?? []).map((changes) => [`${changes.join("; ")} ${place}`, () => restore(...changes)]),
        ];
      });
    }),
  );
}

const jump = "FORWARD -m comment --comment tsd -j TSD-FORWARD";

const others: Readonly<Record<string, readonly (readonly string[])[]>> = {
  filter: [
    ["-F TSD-INWARD"],
    [`-A ${jump}`],
    ["-N TSD-THEIRS", "-A TSD-THEIRS -j ACCEPT", "-I TSD-FORWARD -j TSD-THEIRS", "-I FORWARD -j TSD-THEIRS"],
    ["-D TSD-FORWARD -j TSD-INTERNAL", "-A TSD-FORWARD -j TSD-INTERNAL"],
    ["-A TSD-INWARD -j DROP"],
    ["-F TSD-BRIDGES"],
    ["-F FORWARD", "-F TSD-FORWARD", "-F TSD-ALLOW", "-F TSD-FROM-BRIDGES", "-X TSD-FROM-BRIDGES"],
  ],
  nat: [["-F TSD-PUBLISH"], ["-F PREROUTING", "-F OUTPUT"], ["-N TSD-THEIRS"]],
  raw: [["-F TSD-GUARD"], ["-F PREROUTING"]],
};
