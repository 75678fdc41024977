import type { Availability, NatBackend, NatIntent } from "../../../src/api/index.js";

/** Rules as a set of intents. `before` happens at each change, to let another process come in between or to fail it. */
export class FakeBackend implements NatBackend {
  readonly kinds = ["masquerade", "isolate", "publish", "allow"] as const;
  readonly rules = new Set<string>();
  availability: Availability = { usable: true, version: "1" };
  before: (verb: "ensure" | "remove" | "purge") => Promise<void> = async () => undefined;

  constructor(readonly name: string) {}

  async ensure(intents: readonly NatIntent[]): Promise<void> {
    await this.before("ensure");
    for (const intent of intents) this.rules.add(JSON.stringify(intent));
  }

  async remove(intents: readonly NatIntent[]): Promise<void> {
    await this.before("remove");
    for (const intent of intents) this.rules.delete(JSON.stringify(intent));
  }

  async purge(): Promise<void> {
    await this.before("purge");
    this.rules.clear();
  }

  inspect: NatBackend["inspect"] = async () => [];
  describe: NatBackend["describe"] = () => [];
  probe: NatBackend["probe"] = async () => this.availability;
}
