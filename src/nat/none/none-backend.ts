import type { Availability, Drift, NatBackend } from "../../api/index.js";
import { intentKinds } from "../../api/intent.js";

/**
 * Another program writes the packet rules: every intent counts as fulfilled, and tsd changes nothing. It lists no guard, since hardly
 * another program provides them.
 */
export class NoneBackend implements NatBackend {
  readonly name = "none";
  readonly kinds = intentKinds.filter((kind) => kind !== "guard");

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
