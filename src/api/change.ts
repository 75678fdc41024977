/** One thing that happened: what a row became, or `deleted`; or what was done to what it stands for. */
export interface Change {
  /** Rises by one with each. */
  readonly number: number;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly kind: "network" | "container" | "endpoint" | "image" | "volume";
  readonly id: string;
  /** Absent for what has no name of its own. */
  readonly name?: string;
  /** tsd's word: a state such as `creating`, `ready` or `running`, or what was done. */
  readonly what: string;
  /** docker's word, see docs/events.md; absent for a step of which docker reports nothing. */
  readonly action?: string;
  /** What docker says besides, such as the image of a container and its labels, and for an endpoint its network and container. */
  readonly attributes?: Readonly<Record<string, string>>;
}
