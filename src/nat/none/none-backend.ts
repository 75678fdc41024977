import type { Availability, Drift, NatBackend, NatIntent } from "../../api/index.js";
import { intentKinds } from "../../api/resource.js";
import { refuseGuards } from "../refuse-guards.js";

/** Packet rules are somebody else's business: every intent but a guard counts as fulfilled, and nothing is touched. */
export class NoneBackend implements NatBackend {
  readonly name = "none";
  readonly kinds = intentKinds;

  /** Throws `unsupported` for guards, which nobody else is likely to see to. */
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
