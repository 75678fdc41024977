import { families } from "../../api/address-family.js";
import type { NatIntent, Sweeper } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { sweeperOf } from "../../kernel/orphans/sweeper-of.js";
import { doubtOf, standingOf } from "../owner-mark.js";
import { rulesOf } from "./intent-rules.js";
import type { IptablesProgram } from "./iptables-program.js";
import type { PlacedRule } from "./placed-rule.js";
import { deletionText } from "./restore-text.js";
import { isSameRule, ruleId, tables } from "./rule.js";
import { tableSkeleton } from "./skeleton.js";

/**
 * Rules, in those of tsd's chains that intents fill, that no intent comes to. Those of other installations are passed over;
 * jumps and chains are the skeleton's.
 */
export function ruleSweeper(iptables: Pick<IptablesProgram, "save" | "restore">, mark: string): Sweeper<NatIntent> {
  return sweeperOf<PlacedRule, NatIntent>({
    list: async () => (await listRules(iptables)).filter(({ owner }) => standingOf(owner, mark) !== "others"),
    orphanOf: (rule) => ({
      kind: "rule",
      what: `${rule.line} of ${rule.family === 4 ? "iptables" : "ip6tables"}, table ${rule.table}`,
      why: "no network and no endpoint wants it",
      ...doubtOf(rule.owner, mark),
    }),
    claims(wanted) {
      const rules = Map.groupBy(rulesOf(wanted), placeOf);
      return (rule) => rules.get(placeOf(rule))?.some((claim) => isSameRule(claim, rule)) === true;
    },
    async free(rules) {
      for (const [family, doomed] of Map.groupBy(rules, (rule) => rule.family)) {
        await iptables.restore(family, deletionText(doomed));
      }
    },
  });
}

/** None where the programs are missing: only they make rules. */
async function listRules(iptables: Pick<IptablesProgram, "save">): Promise<readonly PlacedRule[]> {
  try {
    const saved = await Promise.all(families.map(async (family) => [family, await iptables.save(family)] as const));
    return saved.flatMap(([family, found]) =>
      tables.flatMap((table) => {
        const { filled } = tableSkeleton(family, table);
        const rules = found.get(table)?.rules ?? [];
        return rules.filter(({ chain }) => filled.includes(chain)).map((rule) => ({ ...rule, family, table }));
      }),
    );
  } catch (error) {
    if (TsdError.is(error) && error.code === "TSD_PROGRAM_MISSING") return [];
    throw error;
  }
}

function placeOf(rule: PlacedRule): string {
  return [rule.family, rule.table, ruleId(rule)].join("\n");
}
