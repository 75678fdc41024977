import type { NetworkRow } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Processes } from "../contracts/host.js";

/** What each kind of work is called that nobody may interfere with. */
const participles = { creating: "created", changing: "changed", deleting: "removed" } as const;

interface Subject {
  readonly noun: "network" | "endpoint" | "container";
  readonly name: string;
  /** Default `creating`: its maker would go on to make what is taken away here. */
  readonly states?: readonly (keyof typeof participles)[];
}

/** Throws `conflict` for a row that a living process has in one of these states. */
export function refuseBusy(
  processes: Processes,
  { id, state, owner }: Pick<NetworkRow, "id" | "state" | "owner">,
  { noun, name, states = ["creating"] }: Subject,
): void {
  const met = states.find((each) => each === state);
  if (met === undefined || !processes.isAlive(owner)) return;
  throw new TsdError({
    kind: "conflict",
    code: `TSD_${noun.toUpperCase()}_BUSY`,
    message: `${noun} "${name}" is being ${participles[met]} by process ${owner.pid}`,
    hint: "Try again when that command has ended.",
    details: { [noun]: id, state, pid: owner.pid },
  });
}
