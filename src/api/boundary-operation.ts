/**
 * Name of the `node:diagnostics_channel` on which tsd reports every {@link BoundaryOperation}: each change and each query
 * outside of its own memory, once before and once after. Without a listener nothing is reported and nothing is paid.
 */
export const BOUNDARY_OPERATIONS = "tsd:operation";

/** One operation across the boundary between tsd and the system. */
export interface BoundaryOperation {
  readonly phase: "before" | "after";
  /** What is on the other side. */
  readonly into:
    | "store"
    | "netlink"
    | "link"
    | "sysctl"
    | "netns"
    | "file"
    | "mount"
    | "program"
    | "process"
    | "plugin"
    | "registry"
    | "cluster";
  /** In the words of that side: requests, statements, an argument vector. */
  readonly what: string;
  /** It only asks. */
  readonly reads?: boolean;
  /** Milliseconds that it took; known after it. */
  readonly took?: number;
  /** What it failed with; known after it. */
  readonly error?: unknown;
}
