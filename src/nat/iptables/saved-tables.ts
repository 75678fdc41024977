import { isSameOwner } from "../owner-mark.js";
import { CHAIN_PREFIX, isOverlapping, isSameRule, type Rule, ruleId } from "./rule.js";
import { jumpTarget, parseRule } from "./rule-line.js";

/** What iptables-save(8) says of each table, as far as it concerns tsd, under the table's name. */
export type SavedTables = ReadonlyMap<string, SavedTable>;

/** tsd's part of one table, with an index so that questions about many rules stay cheap. */
export class SavedTable {
  private readonly byId: ReadonlyMap<string, readonly Rule[]>;
  private readonly ranges: readonly Rule[];

  constructor(
    /** Names of tsd's chains. */
    readonly chains: ReadonlySet<string> = new Set(),
    /** Rules of tsd's chains. */
    readonly rules: readonly Rule[] = [],
    /** Lines of other chains, in their order. */
    readonly elsewhere: readonly string[] = [],
  ) {
    this.byId = Map.groupBy(rules, ruleId);
    this.ranges = rules.filter(({ ports }) => ports !== undefined && ports.first < ports.last);
  }

  /** Lines of other chains that lead to tsd's. */
  get jumps(): readonly string[] {
    return this.elsewhere.filter((line) => line.includes(CHAIN_PREFIX) && isOurs(jumpTarget(line)));
  }

  has(rule: Rule): boolean {
    return this.at(rule).some((stored) => isSameRule(stored, rule));
  }

  /** What stands in the way of `rule`: another's, or one that does something else with some of its packets. */
  obstacle(rule: Rule): Rule | undefined {
    const other = (stored: Rule) => !isSameRule(stored, rule);
    return this.at(rule).find(other) ?? this.ranges.filter(other).find((range) => isOverlapping(range, rule));
  }

  /** Those in the place and of the owner of `rule`. */
  ownedLike(rule: Rule): readonly Rule[] {
    return this.at(rule).filter(({ owner }) => isSameOwner(owner, rule.owner));
  }

  /** Whether the rule at `index` is there already, in the same words. */
  isRepeated(rule: Rule, index: number): boolean {
    const same = this.at(rule).filter(({ line }) => line === rule.line);
    return same.length > 1 && same[0] !== this.rules[index];
  }

  private at(rule: Rule): readonly Rule[] {
    return this.byId.get(ruleId(rule)) ?? [];
  }
}

/** Reads the output of iptables-save(8). Foreign chains are passed over. */
export function parseSavedTables(text: string): SavedTables {
  // A table begins with its name behind an asterisk.
  const sections = text.split(/^\*/m).slice(1);
  return new Map(
    sections.map((section) => {
      const [name = "", ...lines] = section.split("\n");
      return [name, parseTable(lines)];
    }),
  );
}

function parseTable(lines: readonly string[]): SavedTable {
  const chains = lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []).filter(isOurs);
  const rules = lines.filter((line) => line.startsWith("-A "));
  const [inOurs, elsewhere] = [true, false].map((wanted) =>
    rules.filter((line) => line.startsWith(`-A ${CHAIN_PREFIX}`) === wanted),
  );
  return new SavedTable(
    new Set(chains),
    inOurs?.flatMap((line) => parseRule(line) ?? []),
    elsewhere,
  );
}

function isOurs(chain: string | undefined): boolean {
  return chain?.startsWith(CHAIN_PREFIX) === true;
}
