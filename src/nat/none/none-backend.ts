import type { Availability, Drift, NatBackend, NatIntent } from "../../api/index.js";
import { intentKinds } from "../../api/intent.js";
import { refuseGuards } from "../refuse-guards.js";

/** Another program writes the packet rules: every intent except a guard counts as fulfilled, and tsd changes nothing. */
export class NoneBackend implements NatBackend {
  readonly name = "none";
  readonly kinds = intentKinds;

  /** Throws `unsupported` for guards, since hardly another program provides them. */
  async ensure(intents: readonly NatIntent[]): Promise<void> {
    refuseGuards(this.name, intents);
  }

  async remove(): Promise<void> {}

  async inspect(): Promise<readonly Drift[]> {
    return [];
  }

  async describe(): Promise<readonly string[]> {
    return [];
  }

  async probe(): Promise<Availability> {
    return { usable: true, version: "0" };
  }

  async purge(): Promise<void> {}

  async describePurge(): Promise<readonly string[]> {
    return [];
  }
}
