/** What the agent last found, kept in the setting {@link AGENT_NOTES} for commands that ask whether a network is well. */
export interface AgentNotes {
  /** The epoch in which this host was removed from its cluster. It offers nothing until it joins again. */
  readonly removed?: string;
  /** By id. */
  readonly networks: Readonly<Record<string, NetworkNotes>>;
}

export interface NetworkNotes {
  /** Newest of the cluster's state that was seen, or at most a minute older. */
  readonly revision: number;
  /** When the cluster's state was last read as a whole; RFC 3339. */
  readonly synced: string;
  /** Sentences. */
  readonly troubles: readonly string[];
}

export const AGENT_NOTES = "agent";
