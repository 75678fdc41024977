/** When a container that ended by itself is started again. */
export interface RestartPolicy {
  readonly name: "no" | "on-failure" | "always" | "unless-stopped";
  /** Of `on-failure`: at most so many times after a user started it; absent or 0: without end. */
  readonly retries?: number;
}

/** A command in the container that says whether it works; exit code 0: it does. Durations in milliseconds. */
export interface HealthCheck {
  /** As the image configuration has it: `NONE`, or `CMD` and words, or `CMD-SHELL` and one word. */
  readonly test: readonly string[];
  /** Default 30000. */
  readonly interval?: number;
  /** Default 30000. */
  readonly timeout?: number;
  /** So long after its start a failure does not count; default 0. */
  readonly startPeriod?: number;
  /** Between two checks in that time; default 5000. */
  readonly startInterval?: number;
  /** So many failures in a row make it unhealthy; default 3. */
  readonly retries?: number;
}

/** How a container's log is kept. */
export interface LogSettings {
  /** `json-file`, `local`, `k8s-file` and `journald` of other engines all mean tsd's own file; `none`: no log. */
  readonly driver?: string;
  /** Bytes of one file before another is begun; absent: without limit. */
  readonly maxSize?: number;
  /** So many files are kept, the present one among them; default 1. */
  readonly maxFiles?: number;
}

/** How a container comes to its end, and what follows. */
export interface ContainerLife {
  /** Remove the container when it exits. */
  readonly autoRemove?: boolean;
  readonly restart?: RestartPolicy;
  /** Each of its fields in place of the image's. */
  readonly health?: Partial<HealthCheck>;
  /** A name with or without `SIG`, or a number, in place of the image's. */
  readonly stopSignal?: string;
  /** Seconds between the stop signal and SIGKILL; default 10. */
  readonly stopTimeout?: number;
  readonly log?: LogSettings;
}

/** One run of a {@link HealthCheck}. */
export interface HealthResult {
  /** RFC 3339. */
  readonly start: string;
  readonly end: string;
  readonly exitCode: number;
  /** Its first 4 KiB. */
  readonly output: string;
}

export interface Health {
  readonly status: "starting" | "healthy" | "unhealthy";
  /** Failures in a row. */
  readonly failingStreak: number;
  /** The last five, oldest first. */
  readonly log: readonly HealthResult[];
}
