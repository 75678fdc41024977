/**
 * A tsd that is killed with SIGKILL at one of its steps across the boundary, counted from 0, of those that change something.
 * Each step counts once before and once after. Its argument is a {@link DoomedCall}; it exits with 0 where it ends before.
 */
import { subscribe } from "node:diagnostics_channel";
import { BOUNDARY_OPERATIONS, type BoundaryOperation } from "../../api/index.js";
import { openTsd } from "../../index.js";
import type { DoomedCall } from "../driver/doomed-call.js";
import { loadExtension } from "../load-extension.js";

async function main(): Promise<void> {
  const { module, own, directories, area, method, args, at }: DoomedCall = JSON.parse(process.argv[2] ?? "{}");
  const extensions = own ? [] : [await loadExtension(module)];
  let taken = 0;
  subscribe(BOUNDARY_OPERATIONS, (message) => {
    if (!(message as BoundaryOperation).reads && taken++ === at) process.kill(process.pid, "SIGKILL");
  });
  using tsd = await openTsd({ ...directories, extensions });
  const useCases = tsd[area] as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  await useCases[method]?.(...args);
}

void main();
