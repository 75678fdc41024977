import { type Family, families } from "../../api/address-family.js";
import type { Availability, Drift, NatBackend, NatIntent, PacketEffect, Skeleton, Sweeper } from "../../api/index.js";
import { intentKinds } from "../../api/intent.js";
import { TsdError } from "../../errors/tsd-error.js";
import { isKept, markOwners } from "../owner-mark.js";
import type { StaleFlows } from "../stale-flows.js";
import { rulesOf } from "./intent-rules.js";
import { missingMatch, ruleTaken } from "./iptables-errors.js";
import type { IptablesProgram } from "./iptables-program.js";
import { IptablesSkeleton } from "./iptables-skeleton.js";
import { ruleSweeper } from "./orphan-rules.js";
import type { PlacedRule } from "./placed-rule.js";
import type { PlannedTables } from "./planned-tables.js";
import { additionText, purgeText, removalText } from "./restore-text.js";
import { ruleFor } from "./rule-for.js";
import { SavedTable, type SavedTables } from "./saved-tables.js";
import { matchProbe, spanningMatches } from "./spanning-rules.js";

const MAX_ATTEMPTS = 8;

/**
 * NAT by rules of iptables and ip6tables, in chains of tsd's own, to which iptables' chains lead. Each rule's comment
 * names its owner. Chains are made when the first rule needs them. A change is one run of iptables-restore for each
 * family that it touches; the cost of a packet grows with the number of published ports.
 */
export class IptablesBackend implements NatBackend {
  readonly name = "iptables";
  /** iptables sees no ARP, and ebtables no target of a neighbour advertisement: neither can keep what a guard promises. */
  readonly kinds = intentKinds.filter((kind) => kind !== "guard");
  readonly sweeper: Sweeper<NatIntent>;
  readonly skeleton: Skeleton;
  private planned: PlannedTables | undefined;

  constructor(
    private readonly iptables: Pick<IptablesProgram, "version" | "save" | "restore" | "test" | "fileOf">,
    private readonly flows: Pick<StaleFlows, "forgetTranslated" | "forgetUntranslated" | "forgetAllowed">,
    /** See {@link markOwners}. */
    private readonly mark: string,
  ) {
    const skeleton = new IptablesSkeleton(iptables);
    this.skeleton = {
      inspect: () => skeleton.inspect(),
      repair: () => skeleton.repair(),
      describeRepair: () => this.plan((backend) => backend.skeleton.repair()),
    };
    this.sweeper = ruleSweeper(iptables, mark);
  }

  async ensure(intents: readonly NatIntent[]): Promise<void> {
    const rules = this.rulesOf(intents);
    const isChanged = await this.change(rules, (state) => {
      for (const rule of rules) refuseTaken(rule, state);
      return (family, own, saved) => additionText(family, own, saved);
    }).catch((error) => this.failFor(rules, error));
    if (isChanged) this.flows.forgetUntranslated(intents);
  }

  async remove(intents: readonly NatIntent[]): Promise<void> {
    await this.change(this.rulesOf(intents), () => (_family, own, saved) => removalText(own, saved));
    this.flows.forgetTranslated(intents);
    this.flows.forgetAllowed(intents);
  }

  async inspect(intents: readonly NatIntent[]): Promise<readonly Drift[]> {
    const state = await this.read(this.rulesOf(intents));
    return intents.flatMap((intent) => driftOf(intent, this.rulesOf([intent]), state) ?? []);
  }

  describe(verb: "ensure" | "remove", intents: readonly NatIntent[]): Promise<readonly string[]> {
    return this.plan((backend) => backend[verb](intents));
  }

  describePurge(owners?: ReadonlySet<string>): Promise<readonly string[]> {
    return this.plan((backend) => backend.purge(owners));
  }

  ruleFor(effect: PacketEffect): string | undefined {
    const [intent = effect.intent] = markOwners([effect.intent], this.mark);
    return ruleFor({ ...effect, intent });
  }

  async probe(): Promise<Availability> {
    try {
      const version = await this.iptables.version();
      for (const family of families) {
        await this.iptables.save(family, ["nat"]);
        await this.iptables.test(family, probeText(family));
      }
      return { usable: true, version };
    } catch (error) {
      if (!TsdError.is(error)) throw error;
      return {
        usable: false,
        reason: error.message,
        hint: error.hint ?? "Use a kernel with nf_tables and nft_compat, or with ip_tables and ip6_tables.",
      };
    }
  }

  async purge(owners: ReadonlySet<string> = new Set()): Promise<void> {
    const isOthers = (owner: string): boolean => isKept(owner, this.mark, owners);
    for (const family of families) {
      for (let attempt = 1; ; attempt++) {
        const text = purgeText(family, await this.iptables.save(family), isOthers);
        if (text === "") break;
        try {
          await this.iptables.restore(family, text);
        } catch (error) {
          if (attempt === MAX_ATTEMPTS) throw error;
        }
      }
    }
  }

  private rulesOf(intents: readonly NatIntent[]): readonly PlacedRule[] {
    return rulesOf(markOwners(intents, this.mark));
  }

  /** Lets a backend do it that changes nothing, and returns what it would have sent. */
  private async plan(work: (backend: IptablesBackend) => Promise<void>): Promise<readonly string[]> {
    this.planned ??= new (await import("./planned-tables.js")).PlannedTables(this.iptables);
    await work(new IptablesBackend(this.planned, this.planned.flows, this.mark));
    return this.planned.takeSent();
  }

  /**
   * Reads, decides by `plan` and writes. Another process may write in between: a change that fails is decided again, and is
   * a failure once the same decision has failed twice. Returns whether anything was written.
   */
  private async change(rules: readonly PlacedRule[], plan: Plan): Promise<boolean> {
    let failed = "";
    for (let attempt = 0; ; attempt++) {
      const state = await this.read(rules);
      const textOf = plan(state);
      const texts = [...byFamily(rules)]
        .map(([family, own]) => [family, textOf(family, own, state.get(family) ?? new Map())] as const)
        .filter(([, text]) => text !== "");
      if (texts.length === 0) return attempt > 0;
      const outcomes = await Promise.allSettled(texts.map(([family, text]) => this.iptables.restore(family, text)));
      const fault = outcomes.find(({ status }) => status === "rejected");
      if (fault?.status !== "rejected") return true;
      const decided = texts.join("\n");
      if (decided === failed || attempt === MAX_ATTEMPTS) throw fault.reason;
      failed = decided;
    }
  }

  /** Throws what `rules` need and this machine lacks, if it is that; `cause` otherwise. */
  private async failFor(rules: readonly PlacedRule[], cause: unknown): Promise<never> {
    for (const match of spanningMatches) {
      const family = rules.find(({ line }) => line.includes(` -m ${match} `))?.family;
      if (family === undefined) continue;
      await this.iptables.test(family, matchProbe(match)).catch((error) => {
        throw TsdError.is(error, "runtime") ? missingMatch(match, error) : error;
      });
    }
    throw cause;
  }

  private async read(rules: readonly PlacedRule[]): Promise<State> {
    const reading = [...byFamily(rules)].map(async ([family, own]) => {
      const tables = [...new Set(own.map(({ table }) => table))];
      return [family, await this.iptables.save(family, tables)] as const;
    });
    return new Map(await Promise.all(reading));
  }
}

type State = ReadonlyMap<Family, SavedTables>;
/** Looks at everything before it says what to write for each family. */
type Plan = (state: State) => (family: Family, rules: readonly PlacedRule[], saved: SavedTables) => string;

function byFamily(rules: readonly PlacedRule[]): ReadonlyMap<Family, readonly PlacedRule[]> {
  return Map.groupBy(rules, ({ family }) => family);
}

function tableOf({ family, table }: PlacedRule, state: State): SavedTable {
  return state.get(family)?.get(table) ?? new SavedTable();
}

/**
 * Throws `conflict` naming the owner of what stands in the way. A rule of tsd's that another program changed is replaced.
 */
function refuseTaken(rule: PlacedRule, state: State): void {
  const table = tableOf(rule, state);
  const obstacle = table.obstacle(rule);
  if (obstacle !== undefined && !table.ownedLike(rule).includes(obstacle)) throw ruleTaken(rule, obstacle);
}

function driftOf(resource: NatIntent, rules: readonly PlacedRule[], state: State): Drift | undefined {
  const absent = rules.filter((rule) => !tableOf(rule, state).has(rule));
  const found = absent.flatMap((rule) => tableOf(rule, state).obstacle(rule) ?? [])[0];
  if (found !== undefined) {
    return { resource, problem: "different", found: `owner ${found.owner || "unknown"}, ${found.action}` };
  }
  return absent.length === 0 ? undefined : { resource, problem: "missing" };
}

/** Every match and target that tsd uses, in chains that are checked and never made. */
function probeText(family: Family): string {
  const address = family === 4 ? "192.0.2.1" : "[2001:db8::1]";
  return [
    "*nat",
    ":TSD-PROBE - [0:0]",
    "-A TSD-PROBE ! -o tsd -m addrtype ! --src-type LOCAL -m comment --comment probe -j MASQUERADE",
    `-A TSD-PROBE -p tcp -m conntrack --ctstate DNAT -m tcp --dport 2:3 -j DNAT --to-destination ${address}:4-5/2`,
    "COMMIT",
    "",
  ].join("\n");
}
