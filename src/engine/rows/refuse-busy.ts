import type { NetworkRow, Processes } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

type Row = Pick<NetworkRow, "id" | "state" | "owner">;
const codes = {
  network: "TSD_NETWORK_BUSY",
  endpoint: "TSD_ENDPOINT_BUSY",
  container: "TSD_CONTAINER_BUSY",
  volume: "TSD_VOLUME_BUSY",
  peer: "TSD_PEER_BUSY",
} as const;
type Noun = keyof typeof codes;

/** The name of each kind of work that no other command may disturb. */
const participles = { creating: "created", changing: "changed", deleting: "removed" } as const;

interface Subject {
  readonly noun: Noun;
  readonly name: string;
  /** Default `creating`: its maker would go on to make what is taken away here. */
  readonly states?: readonly (keyof typeof participles)[];
}

/** Throws `conflict` for a row that a living process has in one of these states. */
export function refuseBusy(processes: Processes, row: Row, { noun, name, states = ["creating"] }: Subject): void {
  if (!states.some((state) => state === row.state) || !processes.isAlive(row.owner)) return;
  throw busy(row, { noun, called: `${noun} "${name}"` });
}

interface Work {
  readonly noun: Noun;
  /** In a sentence: `network "n"`. */
  readonly called: string;
  /** `started`; by default what the state of the row says. */
  readonly participle?: string;
}

/** The refusal of work on a row that another process works on. */
export function busy({ id, state, owner }: Row, { noun, called, participle = participleOf(state) }: Work): TsdError {
  return new TsdError({
    kind: "conflict",
    code: codes[noun],
    message: `${called} is being ${participle} by process ${owner.pid}`,
    hint: "Try again when that command has ended.",
    details: { [noun]: id, state, pid: owner.pid },
  });
}

function participleOf(state: Row["state"]): string {
  return state === "ready" ? "changed" : participles[state];
}
