import type { ContainerModuleLoadOptions } from "inversify";
import type { OnStep } from "../api/index.js";
import { PlannedBackend } from "../engine/dry-run/planned-backend.js";
import { PlannedFiles } from "../engine/dry-run/planned-files.js";
import { plannedIpam } from "../engine/dry-run/planned-ipam.js";
import { PlannedMachine } from "../engine/dry-run/planned-machine.js";
import { PlannedProvider } from "../engine/dry-run/planned-provider.js";
import { PlannedRuns } from "../engine/dry-run/planned-runs.js";
import { PlannedRuntime } from "../engine/dry-run/planned-runtime.js";
import { PlannedSweeper } from "../engine/dry-run/planned-sweeper.js";
import { withPlannedPackets } from "../kernel/host/planned-packets.js";
import { openState } from "./open-state.js";
import { tokens } from "./tokens.js";

/**
 * Puts parts that report in place of those that act; the use cases above them are the same. To be made a module by the
 * caller: whatever is loaded on demand would take inversify with it out of the part of the bundle that starts fast.
 */
export function dryRunBindings(tell: OnStep): (options: ContainerModuleLoadOptions) => void {
  const machine = new PlannedMachine();
  const runs = new PlannedRuns();
  return ({ rebind, onActivation }) => {
    rebind(tokens.SqliteStore).toDynamicValue(async (context) => {
      const { openCopy } = await import("../store/open-copy.js");
      return openState(context.get(tokens.Settings), openCopy);
    });
    for (const token of [tokens.Provider, tokens.ExtensionProvider]) {
      onActivation(token, (_, provider) => new PlannedProvider(provider, machine, tell));
    }
    // The backend that does nothing has nothing to report.
    onActivation(tokens.NatBackend, (_, backend) =>
      backend.name === "none" ? backend : new PlannedBackend(backend, tell),
    );
    onActivation(tokens.Ipam, (_, driver) => plannedIpam(driver, tell));
    onActivation(tokens.Sweeper, (_, sweeper) => new PlannedSweeper(sweeper, tell));
    onActivation(tokens.Host, (_, host) => withPlannedPackets(host, tell));
    onActivation(tokens.Processes, (_, processes) => runs.over(processes));
    onActivation(tokens.Files, (_, real) => new PlannedFiles(real, tell));
    onActivation(tokens.Runtime, async (context, real) => {
      const store = await context.getAsync(tokens.Store);
      return new PlannedRuntime({ real, store, runs, tell });
    });
  };
}
