import type { Availability, Drift, NatBackend } from "../../api/index.js";

/** Packet rules are somebody else's business: every intent counts as fulfilled, and nothing is touched. */
export class NoneBackend implements NatBackend {
  readonly name = "none";
  readonly kinds = ["masquerade", "isolate", "publish", "allow"] as const;

  async ensure(): Promise<void> {}

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
