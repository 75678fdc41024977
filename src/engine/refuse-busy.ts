import type { LifeState, NetworkRow } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Processes } from "./host.js";

interface Subject {
  readonly noun: "network" | "endpoint" | "container";
  readonly name: string;
  /** What nobody may interfere with; default `creating`: its maker would go on to make what is taken away here. */
  readonly states?: readonly LifeState[];
}

const participles: Readonly<Record<LifeState, string>> = {
  creating: "created",
  ready: "used",
  changing: "changed",
  deleting: "removed",
};

/** Throws `conflict` for a row that a living process has in one of these states. */
export function refuseBusy(
  processes: Processes,
  { id, state, owner }: Pick<NetworkRow, "id" | "state" | "owner">,
  { noun, name, states = ["creating"] }: Subject,
): void {
  if (!states.includes(state) || !processes.isAlive(owner)) return;
  throw new TsdError({
    kind: "conflict",
    code: `TSD_${noun.toUpperCase()}_BUSY`,
    message: `${noun} "${name}" is being ${participles[state]} by process ${owner.pid}`,
    hint: "Try again when that command has ended.",
    details: { [noun]: id, state, pid: owner.pid },
  });
}
