import type { Availability, Drift, NatBackend, NatIntent, OnStep, Resource, Sweeper } from "../../api/index.js";
import { PlannedSweeper } from "./planned-sweeper.js";

/** A NAT backend that tells what another would send, a step for each change, and leaves the packet filter as it is. */
export class PlannedBackend implements NatBackend {
  readonly kinds: NatBackend["kinds"];
  readonly name: string;
  readonly sweeper?: Sweeper<NatIntent>;
  private readonly made = new Set<string>();
  private readonly removed = new Set<string>();

  constructor(
    private readonly real: NatBackend,
    private readonly tell: OnStep,
  ) {
    this.kinds = real.kinds;
    this.name = real.name;
    if (real.sweeper !== undefined) this.sweeper = new PlannedSweeper(real.sweeper, tell);
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

  async purge(): Promise<void> {
    this.tell({ verb: "run", what: `empty the NAT backend ${this.name}`, sends: await this.real.describePurge() });
  }

  probe(): Promise<Availability> {
    return this.real.probe();
  }

  describe(verb: "ensure" | "remove", intents: readonly NatIntent[]): Promise<readonly string[]> {
    return this.real.describe(verb, intents);
  }

  describePurge(): Promise<readonly string[]> {
    return this.real.describePurge();
  }

  private say(verb: "make" | "remove", intents: readonly NatIntent[], sends: readonly string[]): void {
    if (intents.length > 0) this.tell({ verb, resources: intents, sends });
  }
}

function key(resource: Resource): string {
  return JSON.stringify(resource);
}
