import type { ExecSpec, LogLine, LogOptions, Streams } from "./container.js";

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
}

export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface RuntimeProcess {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly start: number;
}

/** How a container's process ended. */
export interface Exit {
  /** 128 + n after signal n. */
  readonly code: number;
  /** RFC 3339. */
  readonly at: string;
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
  | { readonly verb: "start" | "remove" | "forget"; readonly id: string }
  | { readonly verb: "kill"; readonly id: string; readonly signal: string };

/** Containers as processes: one supervisor each, which outlives tsd. Network and root file system are the engine's. */
export interface Runtime {
  readonly name: string;
  /** Makes the container's process wait before its command; its supervisor runs from here on. */
  create(spec: RuntimeSpec): Promise<RuntimeProcess>;
  /** Connects to the streams. Between `create` and `start`, so that no output is lost. */
  attach(spec: Pick<RuntimeSpec, "id" | "tty" | "interactive">, streams: Streams): Promise<Attachment>;
  start(id: string): Promise<void>;
  /** Runs another command in the container on the caller's own stdio; answers its exit code. */
  exec(id: string, spec: ExecSpec): Promise<number>;
  /** `signal` is a name without `SIG` or a number. A process that is gone counts as signalled. */
  kill(id: string, signal: string): Promise<void>;
  /** The exit the supervisor recorded; undefined while the process lives or when no record exists. */
  exit(id: string): Exit | undefined;
  /** Ends whatever is left of the container and its supervisor, and removes their run-time files; logs stay. */
  remove(id: string): Promise<void>;
  logs(id: string, options: LogOptions): AsyncIterable<LogLine>;
  /** Removes the logs. */
  forget(id: string): Promise<void>;
  /** What a call would run, as words for a shell. Changes nothing. */
  describe(call: RuntimeCall): readonly string[];
  /** For `system info`: versions of the runtime and the supervisor. Throws `unsupported` naming the package to install. */
  versions(): Promise<Readonly<Record<string, string>>>;
}
