import type {
  Availability,
  Drift,
  NatBackend,
  NatIntent,
  OnStep,
  Resource,
  Skeleton,
  Sweeper,
} from "../../api/index.js";
import { PlannedSweeper } from "./planned-sweeper.js";

/** A NAT backend that reports what another would send, a step for each change, and leaves the packet filter as it is. */
export class PlannedBackend implements NatBackend {
  readonly kinds: NatBackend["kinds"];
  readonly name: string;
  readonly sweeper?: Sweeper<NatIntent>;
  readonly skeleton?: Skeleton;
  private readonly made = new Set<string>();
  private readonly removed = new Set<string>();

  constructor(
    private readonly real: NatBackend,
    private readonly tell: OnStep,
  ) {
    this.kinds = real.kinds;
    this.name = real.name;
    if (real.sweeper !== undefined) this.sweeper = new PlannedSweeper(real.sweeper, tell);
    if (real.skeleton !== undefined) this.skeleton = plannedSkeleton(real.skeleton, this.name, tell);
  }

  async ensure(intents: readonly NatIntent[]): Promise<void> {
    this.say("make", intents, await this.real.describe("ensure", intents));
    for (const text of intents.map(key)) {
      this.made.add(text);
      this.removed.delete(text);
    }
  }

  async remove(intents: readonly NatIntent[]): Promise<void> {
    this.say("remove", intents, await this.real.describe("remove", intents));
    for (const text of intents.map(key)) {
      this.made.delete(text);
      this.removed.add(text);
    }
  }

  /** Compares with the packet filter as the plan would leave it. */
  async inspect(intents: readonly NatIntent[]): Promise<readonly Drift[]> {
    const drifts = new Map((await this.real.inspect(intents)).map((drift) => [drift.resource, drift]));
    return intents.flatMap((intent): readonly Drift[] => {
      if (this.made.has(key(intent))) return [];
      if (this.removed.has(key(intent))) return [{ resource: intent, problem: "missing" }];
      return [drifts.get(intent) ?? []].flat();
    });
  }

  async purge(owners?: ReadonlySet<string>): Promise<void> {
    const sends = await this.real.describePurge(owners);
    this.tell({ verb: "run", what: `empty the NAT backend ${this.name}`, sends });
  }

  probe(): Promise<Availability> {
    return this.real.probe();
  }

  describe(verb: "ensure" | "remove", intents: readonly NatIntent[]): Promise<readonly string[]> {
    return this.real.describe(verb, intents);
  }

  describePurge(owners?: ReadonlySet<string>): Promise<readonly string[]> {
    return this.real.describePurge(owners);
  }

  private say(verb: "make" | "remove", intents: readonly NatIntent[], sends: readonly string[]): void {
    if (intents.length > 0) this.tell({ verb, resources: intents, sends });
  }
}

/** As it would be left by the plan. */
function plannedSkeleton(real: Skeleton, backend: string, tell: OnStep): Skeleton {
  let isRepaired = false;
  return {
    inspect: async () => (isRepaired ? [] : real.inspect()),
    repair: async () => {
      tell({ verb: "run", what: `repair the rules of ${backend}`, sends: await real.describeRepair() });
      isRepaired = true;
    },
    describeRepair: () => real.describeRepair(),
  };
}

function key(resource: Resource): string {
  return JSON.stringify(resource);
}
