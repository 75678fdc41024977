import type { Readable, Writable } from "node:stream";
import type { Health, HealthCheck } from "./container-life.js";
import type { ContainerSpec } from "./container-spec.js";
import type { Overlay } from "./file-resource.js";
import type { ImageConfig } from "./image.js";
import type { Endpoint } from "./network.js";
import type { NetworkAttachment } from "./network-attachment.js";

/** What several containers can share: a network namespace and the files that name hosts. */
export interface Sandbox {
  readonly id: string;
  /** Path of the namespace; absent for the host's own. */
  readonly netns?: string;
  /** Where `hosts`, `hostname` and `resolv.conf` lie. */
  readonly directory: string;
  readonly hostname: string;
  readonly domainname?: string;
  /**
   * Id of the container whose own network it is, which returns to it while others keep it; absent if the network belongs to
   * no container.
   */
  readonly maker?: string;
  /** Lines of `hosts` that stay while networks and neighbours come and go. */
  readonly hosts: readonly string[];
}

/**
 * `starting` and `stopping` are steps under way; with a dead owner they are unfinished work. A container holds network
 * resources from `starting` until it has left `stopping`. `restarting`: it has ended, and its restart policy starts it again
 * at {@link Container.restartAt}, on the same network.
 */
export type ContainerStatus = "created" | "starting" | "running" | "restarting" | "stopping" | "exited";

export interface Container {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly spec: ContainerSpec;
  /** The command in full, image defaults applied. */
  readonly command: readonly string[];
  /** Where the container's own defaults came from. */
  readonly imageId?: string;
  /** Layers of the image the container was made from, lowest first; empty with `rootfs`. */
  readonly layers: readonly string[];
  /** RFC 3339. */
  readonly created: string;
  readonly status: ContainerStatus;
  /** A foreground command waits for the container and will release it; the row's owner is that command. */
  readonly attached: boolean;
  /** What `stop` sends first; `TERM` unless the image says otherwise. */
  readonly stopSignal: string;
  /** Process 1 of the container, seen from the host; only while running. */
  readonly pid?: number;
  /** Only while it holds one: from `starting` until it has left `stopping`. */
  readonly sandbox?: Sandbox;
  /**
   * Start time of `pid`, in clock ticks since boot (`proc_pid_stat(5)`, field 22), which distinguishes it from a later
   * process with the same pid.
   */
  readonly pidStart?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** 128 + n after signal n; absent before the first exit. */
  readonly exitCode?: number;
  /** In its last run the kernel killed a process of it, since the memory limit was reached. */
  readonly outOfMemory?: boolean;
  /** Name or path of the OCI runtime that it runs with, which later commands about it use. */
  readonly runtime?: string;
  /** Its processes are stopped, while its `status` is `running`. */
  readonly paused?: boolean;
  /** How often its restart policy has started it since a user did. */
  readonly restartCount?: number;
  /** RFC 3339; from its end until it runs again. */
  readonly restartAt?: string;
  /** Milliseconds that its last restart waited. */
  readonly restartDelay?: number;
  /** Why its last restart failed, in a sentence; absent where it did not. */
  readonly restartFailure?: string;
  /** A user stopped it, which its restart policy respects. */
  readonly stoppedByUser?: boolean;
  /** What checks it: as its user says, else as its image does. */
  readonly healthCheck?: HealthCheck;
  /** Of its present or last run; absent where it has no health check. */
  readonly health?: Health;
}

/** A container's endpoint, with the name of its network and that network's gateways. */
export interface AttachedEndpoint {
  readonly endpoint: Endpoint;
  readonly network: string;
  readonly gateway?: string;
  readonly gateway6?: string;
}

/** A network that a container which does not run will be on at its next start, with what it asks for there. */
export interface ConfiguredNetwork {
  /** Its name, or the word that no network goes by any more. */
  readonly network: string;
  /** Empty where there is none. */
  readonly networkId: string;
  readonly attachment: NetworkAttachment;
}

/** A container with its attachments. */
export interface ContainerDetails {
  readonly container: Container;
  /** What the container's image says, which holds where the user says nothing. */
  readonly image?: ImageConfig;
  /** Only while it holds no namespace and no endpoint. */
  readonly configured?: readonly ConfiguredNetwork[];
  /** Path of its network namespace; only while it holds one that is not the host's. */
  readonly netns?: string;
  readonly endpoints: readonly AttachedEndpoint[];
  /** Path of its log, which need not exist. */
  readonly logPath?: string;
  /** What its root file system is made of while it runs; absent for a directory of the user's. */
  readonly overlay?: Overlay;
  readonly mounts: readonly ContainerMount[];
}

/** Something that a container sees in its file system beside its root. */
export interface ContainerMount {
  readonly type: "bind" | "volume" | "tmpfs";
  /** Name of the volume. */
  readonly name?: string;
  /** Path of the host; absent for a tmpfs. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation?: string;
}

export interface ExecSpec {
  /** By which events name it; a new one by default. */
  readonly id?: string;
  readonly command: readonly string[];
  readonly tty?: boolean;
  readonly interactive?: boolean;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  /** All capabilities, whichever the container has. */
  readonly privileged?: boolean;
}

/** Sends a running command a signal; does nothing once it has ended. */
export type SendSignal = (signal: NodeJS.Signals) => void;

/** Processes of a container, a row of texts each, under the titles of their columns. */
export interface ProcessList {
  readonly titles: readonly string[];
  readonly processes: readonly (readonly string[])[];
}

/** A time; a text is RFC 3339, with up to nine digits of a second. */
export type Instant = Date | string;

export interface LogOptions {
  /** Wait for more until the container exits. */
  readonly follow?: boolean;
  /** Only the last so many lines, of those that `since` and `until` leave. */
  readonly tail?: number;
  /** Only lines from then on. */
  readonly since?: Instant;
  /** Only lines up to then; `follow` ends there. */
  readonly until?: Instant;
  /** Stops the wait for more, with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface LogLine {
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nanoseconds. */
  readonly time: string;
  /** With its newline, where the container wrote one. */
  readonly text: string;
}

/**
 * Where the bytes of a container in the foreground, or of a command in one, come from and go to; `process` is such a set.
 * Where `stdout` is a terminal, it lends its size, and `stdin` its keys, to the terminal of a container that has one.
 */
export interface Streams {
  /** Absent: the input is empty. Read only where the spec says `interactive`. */
  readonly stdin?: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** In characters. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** How a container or a command ended that was waited for. */
export interface CommandResult {
  /** 128 + n after signal n. */
  readonly exitCode: number;
  /** As UTF-8. Empty where {@link Streams} took the output. */
  readonly stdout: string;
  readonly stderr: string;
  /** The caller left it, and it runs on; `exitCode` is 0. */
  readonly detached?: true;
}

/** How a caller leaves what it waits for, which runs on. */
export interface LeaveOptions {
  /**
   * What is typed at a terminal for that, in docker's notation: characters and `ctrl-X` with commas between; default
   * `ctrl-p,ctrl-q`.
   */
  readonly detachKeys?: string;
  /** Leaves once it is aborted. */
  readonly leave?: AbortSignal;
}

export interface ForegroundOptions extends LeaveOptions {
  /** Absent: the output is in the {@link CommandResult}, which holds 16 MiB of each stream at most, and the input is empty. */
  readonly streams?: Streams;
  /** Receives the container once it runs, to pass signals on to it. */
  readonly onStart?: (container: Container) => void;
  /** The caller's input goes to a container that is `interactive`; default true. */
  readonly input?: boolean;
}

export interface ExecOptions extends LeaveOptions {
  /** As {@link ForegroundOptions.streams}. */
  readonly streams?: Streams;
  /** Receives the command once it runs, to pass signals on to it. */
  readonly onStart?: (send: SendSignal) => void;
  /** Receives the command's process id on the host once its own program runs; not called for one that ends before it is seen. */
  readonly onCommand?: (pid: number) => void;
  /** Ends the command: SIGTERM, and SIGKILL after 10 seconds. `exec` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** `not-running` is met at once by a container that does not run; `next-exit` by its next end alone. */
export type WaitCondition = "not-running" | "next-exit" | "removed";

export interface WaitOptions {
  /** Default `not-running`. */
  readonly condition?: WaitCondition;
  /** Stops the wait, with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface StopOptions {
  /** Stops the wait, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Seconds between the stop signal and SIGKILL, or a negative number to wait for ever; default the container's, else 10. */
  readonly timeout?: number | undefined;
  /** What is sent first, a name or a number; default the container's. */
  readonly stopSignal?: string;
}
