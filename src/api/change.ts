/** One thing that happened to a row: what it became, or `deleted`; for an image `added` or `deleted`. */
export interface Change {
  /** Rises by one with each. */
  readonly number: number;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly kind: "network" | "container" | "endpoint" | "image" | "volume";
  readonly id: string;
  /** Absent for what has no name of its own. */
  readonly name?: string;
  readonly what: string;
}
