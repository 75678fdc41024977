import type { ExecOptions, ExecSpec, LogLine, LogOptions, LogSettings, RuntimeProcess, Streams } from "../api/index.js";

/** All that a runtime needs to know, decided: no defaults left to apply. */
export interface RuntimeSpec {
  readonly id: string;
  readonly name: string;
  readonly rootfs: string;
  /** Path of the network namespace; absent for the host's own. */
  readonly netns?: string;
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly workdir: string;
  readonly hostname: string;
  /** Of the container as the kernel has it, see setdomainname(2). */
  readonly domainname?: string;
  /** `USER[:GROUP]` as given; resolved against the container's own /etc/passwd and /etc/group. */
  readonly user: string;
  readonly tty: boolean;
  readonly interactive: boolean;
  readonly memory?: number;
  readonly cpus?: number;
  readonly cpuset?: string;
  readonly binds: readonly Bind[];
  readonly log?: LogSettings;
}

export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** One run of a container, by what its row has of it: no file of the run's needs to be there. */
export interface RuntimeRun {
  readonly id: string;
  /** Absent before the row has one. */
  readonly process?: RuntimeProcess;
}

/** How a container's process ended. */
export interface Exit {
  /** 128 + n after signal n. */
  readonly code: number;
  /** RFC 3339. */
  readonly at: string;
  /** The kernel killed a process of the container since its memory limit was reached. */
  readonly outOfMemory?: boolean;
}

/** Streams of a container whose process is about to start. */
export interface Attachment {
  /** Copies until the container's output ends; then gives the terminal back as it was. */
  pump(): Promise<void>;
  close(): void;
}

/** A call that changes something; see {@link Runtime.describe}. */
export type RuntimeCall =
  | { readonly verb: "create"; readonly spec: RuntimeSpec }
  | { readonly verb: "start" | "forget" | "see-to-end"; readonly id: string }
  | { readonly verb: "remove"; readonly run: RuntimeRun }
  | { readonly verb: "kill"; readonly run: RuntimeRun; readonly signal: string };

/** Containers as processes: one supervisor each, which outlives tsd. Network and root file system are the engine's. */
export interface Runtime {
  readonly name: string;
  /** Makes the container's process wait before its command; its supervisor runs from here on. */
  create(spec: RuntimeSpec): Promise<RuntimeProcess>;
  /** Connects to the streams. Between `create` and `start`, so that no output is lost. */
  attach(spec: Pick<RuntimeSpec, "id" | "tty" | "interactive">, streams: Streams): Promise<Attachment>;
  start(id: string): Promise<void>;
  /**
   * Runs another command in the container, with bytes from and to `streams`; returns its exit code. Throws `conflict` where
   * the run-time files that this needs are lost.
   */
  exec(id: string, spec: ExecSpec, options: ExecOptions & { readonly streams: Streams }): Promise<number>;
  /** `signal` is a name without `SIG` or a number. A process that is gone counts as signalled. */
  kill(run: RuntimeRun, signal: string): Promise<void>;
  /** The exit the supervisor recorded; undefined while the process lives or when no record exists. */
  exit(id: string): Exit | undefined;
  /** The same, once the supervisor has had the time to write it down; undefined where nobody is there to do so. */
  recordedExit(id: string): Promise<Exit | undefined>;
  /**
   * This process will see to the container's end: the supervisor leaves that to it, as long as this process lives. To be called
   * before what ends the container.
   */
  attend(id: string): void;
  /** Takes back {@link Runtime.attend}. A container that ended in between is not released by its supervisor. */
  leave(id: string): void;
  /** Has another process see to a container whose supervisor is gone. Returns while that goes on. */
  callExitCommand(id: string): Promise<void>;
  /** True while somebody is there who sees to the container's end: its supervisor, or the exit command. */
  isSupervised(id: string): boolean;
  /**
   * Ends whatever is left of the container and its supervisor, and removes their run-time files; logs stay. Throws `runtime`
   * for a process that does not go.
   */
  remove(run: RuntimeRun): Promise<void>;
  logs(id: string, options: LogOptions): AsyncIterable<LogLine>;
  /** Removes the logs. */
  forget(id: string): Promise<void>;
  /** What a call would run, as words for a shell. Changes nothing. */
  describe(call: RuntimeCall): readonly string[];
  /** For `system info`: versions of the runtime and the supervisor. Throws `unsupported` naming the package to install. */
  versions(): Promise<Readonly<Record<string, string>>>;
}
