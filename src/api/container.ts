import type { Readable, Writable } from "node:stream";
import type { ImageConfig } from "./image.js";
import type { Endpoint, Labels, PortBinding, RawOptions } from "./network.js";
import type { Forgotten, RemovalOptions } from "./removal.js";

/** One network that a container is to be on, with its options there. */
export interface NetworkAttachment {
  /** Name or id prefix of a network; or, alone, a mode: `host`, `none`, `container:REF`, `ns:PATH`. */
  readonly network: string;
  /** A particular IPv4 address; it stays the container's for as long as the container exists. */
  readonly address?: string;
  readonly address6?: string;
  readonly mac?: string;
  /** Other names for the container on that network. */
  readonly aliases?: readonly string[];
  /** The default route goes to the network where this is highest; default 0, and the first by name among equals. */
  readonly gatewayPriority?: number;
  /** `--driver-opt`: the driver's options for one endpoint. */
  readonly options?: RawOptions;
}

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

/** What a user asks for. Everything but one of `image` and `rootfs` may be left out. */
export interface ContainerSpec {
  readonly name?: string;
  /** Name or id prefix of an image. */
  readonly image?: string;
  /** A directory to use as root file system, in place of an image. It is written to. */
  readonly rootfs?: string;
  /** Command and arguments; default the image's. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** `KEY=value`. */
  readonly env?: readonly string[];
  /** `HOST:CONTAINER[:ro]`. */
  readonly volumes?: readonly string[];
  readonly workdir?: string;
  readonly hostname?: string;
  readonly domainname?: string;
  /** `USER[:GROUP]`, by name or number. */
  readonly user?: string;
  readonly tty?: boolean;
  /** Keep standard input open. */
  readonly interactive?: boolean;
  /** Bytes. */
  readonly memory?: number;
  /** Processors' worth of time, `1.5`. */
  readonly cpus?: number;
  /** `0-2,4`. */
  readonly cpuset?: string;
  readonly labels?: Labels;
  /** Default: the default network. `connect` and `disconnect` change what is here. */
  readonly networks?: readonly NetworkAttachment[];
  /** `CONTAINER[:ALIAS]`: names it in /etc/hosts, and opens its exposed ports where neighbours may not talk. */
  readonly links?: readonly string[];
  /** `PORT[-END][/PROTOCOL]`. */
  readonly expose?: readonly string[];
  /** Publish every exposed port on a free one of the host. */
  readonly publishAll?: boolean;
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOptions?: readonly string[];
  /** `HOST:IP` for /etc/hosts; the word `host-gateway` stands for the host's own address. */
  readonly addHosts?: readonly string[];
  /** Of the container's namespace, `net.…` only. */
  readonly sysctls?: RawOptions;
  /** `[[ip:][hostPort[-end]]:]containerPort[-end][/protocol]`, as docker's `-p`. */
  readonly publish?: readonly string[];
  /** Remove the container when it exits. */
  readonly autoRemove?: boolean;
}

/**
 * `starting` and `stopping` are steps under way; with a dead owner they are unfinished work. A container holds network
 * resources from `starting` until it has left `stopping`.
 */
export type ContainerStatus = "created" | "starting" | "running" | "stopping" | "exited";

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
}

export interface ExecSpec {
  readonly command: readonly string[];
  readonly tty?: boolean;
  readonly interactive?: boolean;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
}

/** Sends a running command a signal; does nothing once it has ended. */
export type SendSignal = (signal: NodeJS.Signals) => void;

export interface LogOptions {
  /** Wait for more until the container exits. */
  readonly follow?: boolean;
  /** Only the last so many lines. */
  readonly tail?: number;
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

/** How a container or a command ended that was waited for. */
export interface CommandResult {
  /** 128 + n after signal n. */
  readonly exitCode: number;
  /** As UTF-8. Empty where {@link Streams} took the output. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface ForegroundOptions {
  /** Absent: the output is in the {@link CommandResult}, which holds 16 MiB of each stream at most, and the input is empty. */
  readonly streams?: Streams;
  /** Receives the container once it runs, to pass signals on to it. */
  readonly onStart?: (container: Container) => void;
}

export interface ExecOptions {
  /** As {@link ForegroundOptions.streams}. */
  readonly streams?: Streams;
  /** Receives the command once it runs, to pass signals on to it. */
  readonly onStart?: (send: SendSignal) => void;
  /** Ends the command: SIGTERM, and SIGKILL after 10 seconds. `exec` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface WaitOptions {
  /** Stops the wait, with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface StopOptions extends WaitOptions {
  /** Seconds between the stop signal and SIGKILL; default 10. */
  readonly timeout?: number | undefined;
}

export interface Containers {
  /** Makes a container without starting it. */
  create(spec: ContainerSpec): Promise<Container>;
  /** Gives it its namespace, addresses and ports, and starts its process. */
  start(ref: string): Promise<Container>;
  /**
   * create, attach, start; returns once the container has exited and its network is released. Throws `runtime` where its
   * output could not be taken, while it runs on.
   */
  run(spec: ContainerSpec, options?: ForegroundOptions): Promise<CommandResult>;
  /** create and start; returns while it runs. */
  runDetached(spec: ContainerSpec): Promise<Container>;
  /** Attaches, then starts; returns as {@link Containers.run} does. */
  startAttached(ref: string, options?: ForegroundOptions): Promise<CommandResult>;
  /** Sends the stop signal, then after a time SIGKILL; returns once all it held is released. */
  stop(ref: string, options?: StopOptions): Promise<Container>;
  kill(ref: string, signal: string): Promise<Container>;
  /** Throws `conflict` for a running container, and `plugin` as {@link Networks.remove}, unless `force`. */
  remove(ref: string, options?: RemovalOptions): Promise<Container & Forgotten>;
  /**
   * Kills and removes at once those of several containers whose end concerns no other container, command or plug-in. Returns
   * them by their references; {@link Containers.remove} removes the others, or says what is in the way.
   */
  removeTogether(refs: readonly string[]): Promise<ReadonlyMap<string, Container>>;
  /** Returns the exit code, at once where it is known. */
  wait(ref: string, options?: WaitOptions): Promise<number>;
  /**
   * Runs another command in a running container, and waits for its end. The command has bytes of the streams alone, and a
   * session of its own: a terminal's signals reach the caller only.
   */
  exec(ref: string, spec: ExecSpec, options?: ExecOptions): Promise<CommandResult>;
  /** Publishes more ports of a running container, as `-p` would. Returns what they became. */
  publish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]>;
  /** Takes publications away, named as `-p` or by the container's port alone. Throws `not-found` for one that is none. */
  unpublish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]>;
  logs(ref: string, options?: LogOptions): AsyncIterable<LogLine>;
  /** Running ones, or with `all` every one; newest first. */
  list(options?: { readonly all?: boolean }): readonly ContainerDetails[];
  inspect(ref: string): ContainerDetails;
  /** Releases what an exited container held; conmon calls it through `tsd` when the container's process ends. */
  release(id: string): Promise<void>;
}
