import type {
  CommandResult,
  Container,
  ContainerDetails,
  ExecOptions,
  ExecSpec,
  ForegroundOptions,
  LogLine,
  LogOptions,
  ProcessList,
  StopOptions,
  TerminalSize,
  WaitOptions,
} from "./container.js";
import type { ContainerFileMethods } from "./container-files.js";
import type { RestartPolicy } from "./container-life.js";
import type { LimitChanges } from "./container-limits.js";
import type { ContainerSpec } from "./container-spec.js";
import type { ContainerStats, StatsOptions } from "./container-stats.js";
import type { PortBinding } from "./network.js";
import type { Forgotten, RemovalOptions } from "./removal.js";
import type { Pruned } from "./volume.js";

/** What {@link Containers.update} changes of a container; what is absent stays. */
export interface ContainerChanges extends LimitChanges {
  readonly restart?: RestartPolicy;
}

export interface Containers extends ContainerFileMethods {
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
  /**
   * Connects to the streams of a container that runs; returns once it has ended, or the caller has left it. Several callers can
   * be attached. What was written before is in {@link Containers.logs}.
   */
  attach(ref: string, options?: ForegroundOptions): Promise<CommandResult>;
  /** Sends the stop signal, then after a time SIGKILL; returns once all it held is released. */
  stop(ref: string, options?: StopOptions): Promise<Container>;
  /** stop and start. */
  restart(ref: string, options?: StopOptions): Promise<Container>;
  kill(ref: string, signal: string): Promise<Container>;
  /** Gives its terminal another size. Throws `conflict` for one that does not run, `invalid-input` for a size that no terminal has. */
  resize(ref: string, size: TerminalSize): Promise<void>;
  /** Stops all its processes where they are. Throws `conflict` for one that does not run, or is paused already. */
  pause(ref: string): Promise<Container>;
  unpause(ref: string): Promise<Container>;
  /** Changes limits, at once where it runs, and its restart policy; all of them, or none where one cannot be had. */
  update(ref: string, changes: ContainerChanges): Promise<Container>;
  /** Throws `conflict` for a running container, and `plugin` as {@link Networks.remove}, unless `force`. */
  remove(ref: string, options?: RemovalOptions): Promise<Container & Forgotten>;
  /**
   * Kills and removes at once those of several containers whose end concerns no other container, command or plug-in. Returns
   * them by their references; {@link Containers.remove} removes the others, or says what is in the way.
   */
  removeTogether(refs: readonly string[]): Promise<ReadonlyMap<string, Container>>;
  /** Gives it another name, by which its neighbours know it from then on. Throws `conflict` for a name that is in use. */
  rename(ref: string, name: string): Promise<Container>;
  /** Removes those that do not run, with what they wrote. */
  prune(isMeant?: (container: Container) => boolean): Promise<Pruned<Container>>;
  /** Returns the exit code once the condition is met. */
  wait(ref: string, options?: WaitOptions): Promise<number>;
  /**
   * Runs another command in a running container, and waits for its end. The command has bytes of the streams alone, and a
   * session of its own: a terminal's signals reach the caller only.
   */
  exec(ref: string, spec: ExecSpec, options?: ExecOptions): Promise<CommandResult>;
  /** Starts another command in a running container, with empty input and output nowhere, and returns while it runs. */
  execDetached(ref: string, spec: ExecSpec): Promise<void>;
  /**
   * Its processes as ps(1) of the host lists them with these options, `-ef` by default. Throws `conflict` for a container that does
   * not run, `invalid-input` for options that ps does not accept or that print no pids.
   */
  top(ref: string, options?: readonly string[]): Promise<ProcessList>;
  /** What it uses at this moment. Throws `conflict` for one that does not run. */
  stats(ref: string, options?: StatsOptions): Promise<ContainerStats>;
  /** The same of several, which costs little for very many; one that ends meanwhile, or does not run, is missing. */
  statsOf(refs: readonly string[], options?: StatsOptions): Promise<readonly ContainerStats[]>;
  /** Publishes more ports of a running container, as `-p` would. Returns what they became. */
  publish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]>;
  /** Takes publications away, named as `-p` or by the container's port alone. Throws `not-found` for one that is none. */
  unpublish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]>;
  logs(ref: string, options?: LogOptions): AsyncIterable<LogLine>;
  /** Running ones, or with `all` every one; newest first. */
  list(options?: { readonly all?: boolean }): readonly ContainerDetails[];
  inspect(ref: string): ContainerDetails;
  /** Those that do not run and that their restart policies want after a boot, each behind those whose network or links it uses. */
  toStartAtBoot(): readonly Container[];
  /**
   * Releases what an exited container held, and starts it again where its policy says so: returns once it runs or has ended for
   * good. conmon calls it through `tsd` when the container's process ends.
   */
  release(id: string): Promise<void>;
}
