/** How long etcd may take, in milliseconds. */
export interface Timing {
  /** Until a member's reply is whole; for a watch, until it begins. In haste each member has its share of what is left. */
  readonly reply: number;
  /** Until the last member is asked: an election takes a second or some. */
  readonly deadline: number;
  /** Between two rounds over all members. */
  readonly pause: number;
  /** Of silence until a connection is probed (tcp(7), `TCP_KEEPIDLE`). */
  readonly keepAlive: number;
}

/** etcd itself gives up a request without a quorum after 7 seconds. */
export const usualTiming: Timing = { reply: 8000, deadline: 15_000, pause: 300, keepAlive: 10_000 };
