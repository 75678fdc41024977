import { TsdError } from "../../errors/tsd-error.js";
import type { ClaimingHost, ClusterClaims } from "../contracts/cluster.js";

interface Leaving {
  readonly id: string;
  readonly name: string;
  /** The network itself goes, unless other hosts use it. */
  readonly goes: boolean;
}

/** Gives up what this host has of a network. One of that name that another host created since is left alone. */
export async function removeOrLeave(
  cluster: ClusterClaims,
  { id, name, goes }: Leaving,
  self: ClaimingHost,
): Promise<void> {
  try {
    if (goes && (await cluster.network(name))?.id === id) return await cluster.removeNetwork(name, self);
  } catch (error) {
    if (!TsdError.is(error, "conflict") && !TsdError.is(error, "not-found")) throw error;
  }
  await cluster.leaveNetwork(id, self);
}

/** Does nothing where what is to go is gone, or another's by now. */
export async function unlessAbsent(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!TsdError.is(error, "not-found") && !TsdError.is(error, "conflict")) throw error;
  }
}
