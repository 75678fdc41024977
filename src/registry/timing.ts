/** How long a registry may take, in milliseconds, and how often it is asked. */
export interface Timing {
  /** Until the header of a reply is there, name resolution and TLS included. */
  readonly firstByte: number;
  /** Between two pieces of a body. */
  readonly idle: number;
  /** A window in which at least {@link Timing.least} bytes come. */
  readonly window: number;
  readonly least: number;
  /** Before the first repetition; each later one waits twice as long. */
  readonly pause: number;
  /** Requests in a row for the same bytes, none of which came. */
  readonly tries: number;
}

export const usualTiming: Timing = {
  ...{ firstByte: 15_000, idle: 30_000, window: 60_000, least: 16_384 },
  ...{ pause: 500, tries: 5 },
};
