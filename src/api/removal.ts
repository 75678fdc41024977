import type { Resource } from "./resource.js";

/** What a caller says about something that is to be removed. */
export interface RemovalOptions {
  /** Give up what only a plug-in removes that is gone or fails. */
  readonly force?: boolean;
  /** Of a container: its volumes without a name go with it. */
  readonly volumes?: boolean;
}

/** What came of it. */
export interface Forgotten {
  /** What was given up and may still exist; absent where all was removed. */
  readonly forgotten?: readonly Resource[];
}
