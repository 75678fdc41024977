import type {
  ContainerLimits,
  ContainerStats,
  ExecOptions,
  ExecSpec,
  LogLine,
  LogOptions,
  LogSettings,
  ProcessList,
  RuntimeProcess,
  Streams,
  TerminalSize,
} from "../api/index.js";
import type { Confinement } from "./confinement.js";

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
  /** Its input stays open when a caller that was attached goes. */
  readonly keepsInput: boolean;
  readonly limits: ContainerLimits;
  readonly confinement: Confinement;
  /** Kernel parameters that the runtime sets, by their names with dots. */
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Name or path of the OCI runtime. */
  readonly runtime?: string;
  readonly binds: readonly Bind[];
  readonly log?: LogSettings;
  readonly tmpfs: readonly Tmpfs[];
}

export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Whether what the host mounts below `source` later is seen, and the reverse (mount_namespaces(7)); default `rprivate`. */
  readonly propagation?: string;
  /** Without what the host has mounted below `source`. */
  readonly nonRecursive?: boolean;
}

export interface Tmpfs {
  readonly target: string;
  readonly options: readonly string[];
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

/** How a caller leaves a container that runs on. */
export interface Leaving {
  /** What is typed for that, at a container's terminal: one byte or more. Absent: nothing. */
  readonly keys?: Uint8Array;
  /** Aborted: leaves it at once. */
  readonly signal?: AbortSignal;
}

/** The caller's part in the streams of a container that runs or is about to. */
export interface Attachment {
  /** Copies until the container's output ends, or the caller leaves it; then gives the terminal back as it was. */
  pump(): Promise<"ended" | "left">;
  close(): void;
}

/** How a further command is run. */
export interface ExecCall extends Pick<ExecOptions, "onStart" | "onCommand" | "signal"> {
  readonly streams: Streams;
  readonly leaving?: Leaving;
}

/** As {@link ContainerStats} has it; interfaces are those of its namespace, the host's too. */
export type Usage = Omit<ContainerStats, "id" | "name" | "time" | "ports">;

/** A call that changes something; see {@link Runtime.describe}. */
export type RuntimeCall =
  | { readonly verb: "create"; readonly spec: RuntimeSpec }
  | { readonly verb: "start" | "forget" | "see-to-end" | "freeze" | "thaw"; readonly id: string }
  | { readonly verb: "limit"; readonly id: string; readonly present: ContainerLimits; readonly wanted: ContainerLimits }
  | { readonly verb: "remove"; readonly run: RuntimeRun }
  | { readonly verb: "kill"; readonly run: RuntimeRun; readonly signal: string };

/** Containers as processes: one supervisor each, which outlives tsd. Network and root file system are the engine's. */
export interface Runtime {
  readonly name: string;
  /** The name or path to remember of the one that `wanted` names, or that there is. Throws `unsupported` naming the package. */
  choose(wanted: string | undefined): string;
  /** Makes the container's process wait before its command; its supervisor runs from here on. */
  create(spec: RuntimeSpec): Promise<RuntimeProcess>;
  /**
   * Connects to the streams: between `create` and `start`, so that no output is lost, or later. Several can be connected. Throws
   * `conflict` where the supervisor is gone.
   */
  attach(
    spec: Pick<RuntimeSpec, "id" | "tty" | "interactive">,
    streams: Streams,
    leaving?: Leaving,
  ): Promise<Attachment>;
  start(id: string): Promise<void>;
  /** Gives the container's terminal another size, in characters; does nothing where its supervisor is gone. */
  resize(id: string, size: TerminalSize): void;
  /**
   * Runs another command in the container, with bytes from and to `streams`; returns its exit code, or `left`. Throws `conflict`
   * where the run-time files that this needs are lost.
   */
  /** Stops all processes of the container where they are; returns once they stand still. Throws `unsupported`. */
  freeze(id: string): Promise<void>;
  /** Lets them go on; does nothing for a container that is not frozen. */
  thaw(id: string): Promise<void>;
  /** Whether the kernel has them stopped. */
  isFrozen(id: string): boolean;
  /**
   * Gives a running container limits in place of those it has. Throws `unsupported` or `invalid-input`, and then leaves all of
   * them as they were, as far as the kernel allows.
   */
  limit(id: string, present: ContainerLimits, wanted: ContainerLimits): Promise<void>;
  exec(id: string, spec: ExecSpec, options: ExecCall): Promise<number | "left">;
  /** Starts another command in the container, without streams; throws as {@link Runtime.exec}. */
  execDetached(id: string, spec: ExecSpec): Promise<void>;
  /** What its control groups have counted, as far as there are some, and the interfaces of its namespace. */
  usage(run: RuntimeRun): Promise<Usage>;
  /** See {@link Containers.top}. */
  top(run: RuntimeRun, options: readonly string[]): Promise<ProcessList>;
  /** `signal` is a name or a number, which this returns. A process that is gone counts as signalled. */
  kill(run: RuntimeRun, signal: string): Promise<number>;
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
