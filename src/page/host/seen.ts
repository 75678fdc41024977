import type { Change, HostDrift, HostMap, Step } from "../../api/index.js";
import type { TrafficRates } from "./traffic-meter.js";

/** What one look at the host found. */
export interface Look {
  readonly map: HostMap;
  readonly drifts: readonly HostDrift[];
  /** What `reload` would do about them. */
  readonly steps: readonly Step[];
}

/** All that the page shows. */
export interface Seen {
  /** Absent before the first look. */
  readonly look?: Look;
  readonly traffic: TrafficRates;
  /** The newest first. */
  readonly changes: readonly Change[];
  /** Why the last look failed, in one sentence. */
  readonly fault?: string;
}

/** What changes for itself. */
export type Part = "look" | "traffic" | "changes";
