import type { NetworkRow, Processes } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";

/**
 * True for a row whose removal has ended without removing it: its process is dead, or is this one, which tried at its start and
 * went on.
 */
export function hasRemovalFailed(processes: Processes, { state, owner }: Pick<NetworkRow, "state" | "owner">): boolean {
  return state === "deleting" && (sameOwner(owner, processes.self()) || !processes.isAlive(owner));
}
