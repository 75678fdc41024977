import type { Family } from "../../api/address-family.js";
import { standingOf } from "../owner-mark.js";
import { CHAIN_PREFIX, type Rule } from "./rule.js";
import { isGoto, jumpTarget } from "./rule-line.js";
import type { SavedTable } from "./saved-tables.js";
import { type StaticChain, tableSkeleton } from "./skeleton.js";

/** In which way one of tsd's chains, or what leads there, is not as it must be. */
interface Fault {
  readonly chain: string;
  readonly what: string;
}

/** How a table differs from its skeleton, and the lines for iptables-restore(8) that mend it in one transaction. */
export interface TableFaults {
  readonly faults: readonly Fault[];
  readonly lines: readonly string[];
}

/** Where a rule in front of the jump keeps packets from tsd's chains. In nat, the host's own translations may come first. */
const guarded: readonly string[] = ["raw", "filter"];

/**
 * Compares all of tsd's chains, their jumps, and what in them names no owner; rules that do are for intents to compare. A
 * chain that exists makes `-N` fail, and with it the table's transaction: of two processes that both found nothing, one starts
 * again. A line with a colon makes a chain, or empties it.
 */
export function faultsOf(family: Family, table: string, stored: SavedTable): TableFaults {
  const { filled, fixed, jumps } = tableSkeleton(family, table);
  const missing = filled.filter((chain) => !stored.chains.has(chain));
  const linesOf = Map.groupBy(stored.rules, ({ chain }) => chain);
  const differences = fixed.map((chain) => {
    const present = stored.chains.has(chain.name) ? (linesOf.get(chain.name) ?? []).map(({ line }) => line) : undefined;
    return { chain, faults: chainFaults(chain, present) };
  });
  const broken = differences.filter(({ faults }) => faults.length > 0);
  const extra = [...stored.chains].filter(
    (name) => !filled.includes(name) && !fixed.some((chain) => chain.name === name) && !isOwned(linesOf.get(name)),
  );
  const foreign = stored.rules.filter(
    (rule, index) => filled.includes(rule.chain) && isForeign(rule, index, { stored, extra }),
  );
  const leading = stored.elsewhere.filter((line) => extra.includes(jumpTarget(line) ?? ""));
  const led = Object.entries(jumps).map(([from, to]) => jumpFaults({ from, to, table }, stored.elsewhere));
  return {
    faults: [
      ...missing.map((chain) => ({ chain, what: "missing" })),
      ...broken.flatMap(({ faults }) => faults),
      ...foreign.map(({ chain, line }) => ({ chain, what: `rule too many: ${line}` })),
      ...extra.map((chain) => ({ chain, what: "too many" })),
      ...led.flatMap(({ faults }) => faults),
    ],
    lines: [
      ...missing.map((chain) => `-N ${chain}`),
      ...broken.map(({ chain }) => `:${chain.name} - [0:0]`),
      ...broken.flatMap(({ chain }) => chain.rules),
      ...[...foreign.map(({ line }) => line), ...leading].map(deletion),
      ...extra.map((chain) => `-F ${chain}`),
      ...extra.map((chain) => `-X ${chain}`),
      ...led.flatMap(({ lines }) => lines),
    ],
  };
}

/** The line that takes away what `-A` added. */
export function deletion(line: string): string {
  return line.replace(/^-A/, "-D");
}

function chainFaults({ name, rules }: StaticChain, present: readonly string[] | undefined): readonly Fault[] {
  if (present === undefined) return [{ chain: name, what: "missing" }];
  const missing = lacking(rules, present).map((line) => ({ chain: name, what: `rule missing: ${line}` }));
  const extra = lacking(present, rules).map((line) => ({ chain: name, what: `rule too many: ${line}` }));
  const faults = [...missing, ...extra];
  if (faults.length > 0 || rules.join("\n") === present.join("\n")) return faults;
  return [{ chain: name, what: "rules in another order" }];
}

/** First in its chain, or a rule that accepts would come before one that drops. */
function jumpFaults(
  { from, to, table }: { readonly from: string; readonly to: string; readonly table: string },
  elsewhere: readonly string[],
): TableFaults {
  const start = `-A ${from} -m comment --comment tsd -j `;
  const jump = `${start}${to}`;
  const own = elsewhere.filter((line) => line.startsWith(`-A ${from} `));
  const superseded = own.filter((line) => line.startsWith(`${start}${CHAIN_PREFIX}`) && line !== jump);
  const present = own.filter((line) => line === jump);
  const before = own.slice(0, Math.max(0, own.indexOf(jump)));
  const bypass = guarded.includes(table) ? before.find((line) => passesBy(line, elsewhere)) : undefined;
  const faults = [
    ...(present.length === 0 ? [`rule missing: ${jump}`] : []),
    ...[...present.slice(1), ...superseded].map((line) => `rule too many: ${line}`),
    ...(bypass === undefined ? [] : [`passed by: ${bypass}`]),
  ].map((what) => ({ chain: from, what }));
  const insertion = jump.replace(/^-A/, "-I");
  return { faults, lines: faults.length === 0 ? [] : [...[...present, ...superseded].map(deletion), insertion] };
}

/**
 * True if packets that a rule of a built-in chain takes may not come to the rules behind it: they are accepted, by a chain of
 * another's too, or end with a chain that they were sent to without a way back.
 */
function passesBy(line: string, elsewhere: readonly string[]): boolean {
  const target = jumpTarget(line) ?? "";
  if (target === "RETURN" || isGoto(line)) return true;
  const reached = new Set([target]);
  // Grows while it is walked, until no chain is new.
  for (const chain of reached) {
    for (const rule of elsewhere) if (rule.startsWith(`-A ${chain} `)) reached.add(jumpTarget(rule) ?? "");
  }
  return reached.has("ACCEPT");
}

/** Of no owner, a second one of its kind, or on its way to a chain that must go. */
function isForeign(
  rule: Rule,
  index: number,
  { stored, extra }: { readonly stored: SavedTable; readonly extra: readonly string[] },
): boolean {
  if (standingOf(rule.owner, "") === "ownerless") return true;
  return stored.isRepeated(rule, index) || extra.includes(jumpTarget(rule.line) ?? "");
}

/** A later tsd may have chains that this one does not know. */
function isOwned(rules: readonly Rule[] = []): boolean {
  return rules.some(({ owner }) => standingOf(owner, "") !== "ownerless");
}

/** Those of `lines` that `others` has not, as often as it has them. */
function lacking(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
