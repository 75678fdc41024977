import type { TsdOptions } from "../../api/index.js";

/** One use case of the library, and the step at which the process that calls it dies. */
export interface DoomedCall {
  /** As in {@link DriverSubject}. */
  readonly module: string;
  readonly own: boolean;
  readonly directories: Pick<TsdOptions, "root" | "run" | "config">;
  readonly area: "networks" | "endpoints";
  readonly method: string;
  readonly args: readonly unknown[];
  readonly at: number;
}
