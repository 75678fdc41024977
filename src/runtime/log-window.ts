import type { LogLine, LogOptions } from "../api/index.js";
import { nanoseconds } from "../contracts/instant.js";

/** Which lines of a log are wanted, by their times. */
export class LogWindow {
  private readonly since: bigint | undefined;
  private readonly until: bigint | undefined;

  constructor({ since, until }: Pick<LogOptions, "since" | "until">) {
    this.since = since === undefined ? undefined : nanoseconds(since);
    this.until = until === undefined ? undefined : nanoseconds(until);
  }

  /** A line whose time cannot be read is wanted. */
  has({ time }: LogLine): boolean {
    if (this.since === undefined && this.until === undefined) return true;
    const at = nanoseconds(time);
    if (at === undefined) return true;
    return (this.since === undefined || at >= this.since) && (this.until === undefined || at <= this.until);
  }

  /** Milliseconds until no line that comes is wanted any more. */
  remaining(now: number): number {
    return this.until === undefined ? Number.POSITIVE_INFINITY : Number(this.until / 1_000_000n) - now;
  }

  /** The last lines of the file may be too late, so they are not those that a tail counts. */
  get endsEarly(): boolean {
    return this.until !== undefined;
  }
}
