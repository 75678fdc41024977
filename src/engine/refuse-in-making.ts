import type { NetworkRow } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Processes } from "./host.js";

/** Throws `conflict` for a row that a living process is making: it would go on to make what is taken away here. */
export function refuseInMaking(
  processes: Processes,
  { id, state, owner }: Pick<NetworkRow, "id" | "state" | "owner">,
  { noun, name }: { readonly noun: "network" | "endpoint" | "container"; readonly name: string },
): void {
  if (state !== "creating" || !processes.isAlive(owner)) return;
  throw new TsdError({
    kind: "conflict",
    code: `TSD_${noun.toUpperCase()}_BUSY`,
    message: `${noun} "${name}" is being created by process ${owner.pid}`,
    hint: "Try again when that command has ended.",
    details: { [noun]: id, state, pid: owner.pid },
  });
}
