/**
 * Name of the `node:diagnostics_channel` on which tsd tells every {@link Crossing} that changes or asks something outside
 * of its own memory, twice: before and after. Nothing is told, nor costs anything, where nobody listens.
 */
export const CROSSINGS = "tsd:crossing";

/** One step over the border between tsd and the world. */
export interface Crossing {
  readonly phase: "before" | "after";
  /** What is on the other side. */
  readonly into: "store" | "netlink" | "link" | "sysctl" | "netns" | "file" | "mount" | "program" | "process";
  /** In the words of that side: requests, statements, an argument vector. */
  readonly what: string;
  /** It only asks. */
  readonly reads?: boolean;
  /** Milliseconds that it took; known after it. */
  readonly took?: number;
  /** What it failed with; known after it. */
  readonly error?: unknown;
}
