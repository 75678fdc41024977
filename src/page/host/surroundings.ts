import type { Tsd, TsdOptions } from "../../api/index.js";
import type { Time } from "./time.js";

/** How the page reaches tsd, and says what happens. */
export interface Surroundings {
  open(options: Pick<TsdOptions, "onWarning" | "leftWork" | "dryRun">): Promise<Tsd>;
  /** Receives a line about each thing that its reader may want to know. */
  report(line: string): void;
  /** By default the time of the host. */
  readonly time?: Time;
}
