import type { EndpointPeer } from "../api/index.js";

/** Endpoints of other hosts: by one of their names, by an address, or the first of all. */
export type ElsewhereQuestion = { readonly name: string } | { readonly address: string } | { readonly first: number };

export interface FoundElsewhere {
  /** Of hosts that may have their addresses. */
  readonly endpoints: readonly EndpointPeer[];
  /** How many there are, which may be more than were asked for. */
  readonly total: number;
}

/**
 * Endpoints of other hosts that this one keeps no row of: those whose addresses are in their hosts' blocks. This host's agent finds them
 * in the cluster. Rejects where the agent or the cluster's state does not reply in time: then they may be there all the same.
 */
export interface Elsewhere {
  find(networkId: string, question: ElsewhereQuestion): Promise<FoundElsewhere>;
}
