import type {
  CommandResult,
  Container,
  ContainerDetails,
  ExecOptions,
  ExecSpec,
  ForegroundOptions,
  LogLine,
  LogOptions,
  StopOptions,
  WaitOptions,
} from "./container.js";
import type { RestartPolicy } from "./container-life.js";
import type { ContainerSpec } from "./container-spec.js";
import type { PortBinding } from "./network.js";
import type { Forgotten, RemovalOptions } from "./removal.js";

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
  /** Those that do not run and that their restart policies want after a boot, each behind those whose network or links it uses. */
  toStartAtBoot(): readonly Container[];
  /** Says when a container starts again; also of one that runs, or waits for its restart. */
  setRestartPolicy(ref: string, policy: RestartPolicy): Promise<Container>;
  /**
   * Releases what an exited container held, and starts it again where its policy says so: returns once it runs or has ended for
   * good. conmon calls it through `tsd` when the container's process ends.
   */
  release(id: string): Promise<void>;
}
