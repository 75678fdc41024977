import type { ContainerModuleLoadOptions } from "inversify";
import type { NatBackend, OnStep, Provider, Runtime, Store, Sweeper } from "../api/index.js";
import type { Processes } from "../engine/contracts/host.js";
import { PlannedBackend } from "../engine/dry-run/planned-backend.js";
import { PlannedMachine } from "../engine/dry-run/planned-machine.js";
import { PlannedProvider } from "../engine/dry-run/planned-provider.js";
import { PlannedRuns } from "../engine/dry-run/planned-runs.js";
import { PlannedRuntime } from "../engine/dry-run/planned-runtime.js";
import { PlannedSweeper } from "../engine/dry-run/planned-sweeper.js";
import { openState } from "./open-state.js";
import { type Settings, tokens } from "./tokens.js";

/**
 * Puts parts that tell in place of those that act; the use cases above them are the same. To be made a module by the caller:
 * whatever is loaded on demand would take inversify with it out of the part of the bundle that starts fast.
 */
export function dryRunBindings(tell: OnStep): (options: ContainerModuleLoadOptions) => void {
  const machine = new PlannedMachine();
  const runs = new PlannedRuns();
  return ({ rebind, onActivation }) => {
    rebind(tokens.Store).toDynamicValue(async (context) => {
      const { openCopy } = await import("../store/open-copy.js");
      return openState(context.get<Settings>(tokens.Settings), openCopy);
    });
    onActivation<Provider>(tokens.Provider, (_, provider) => new PlannedProvider(provider, machine, tell));
    // The backend that does nothing has nothing to tell.
    onActivation<NatBackend>(tokens.NatBackend, (_, backend) =>
      backend.name === "none" ? backend : new PlannedBackend(backend, tell),
    );
    onActivation<Sweeper>(tokens.Sweeper, (_, sweeper) => new PlannedSweeper(sweeper, tell));
    onActivation<Processes>(tokens.Processes, (_, processes) => runs.over(processes));
    onActivation<Runtime>(tokens.Runtime, async (context, real) => {
      const { containers } = await context.getAsync<Store>(tokens.Store);
      return new PlannedRuntime({ real, containers, runs, tell });
    });
  };
}
