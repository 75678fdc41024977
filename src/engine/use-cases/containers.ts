import type {
  CommandResult,
  Container,
  ContainerDetails,
  ContainerSpec,
  Containers,
  ExecOptions,
  ExecSpec,
  ForegroundOptions,
  Forgotten,
  LogLine,
  LogOptions,
  PortBinding,
  RemovalOptions,
  RestartPolicy,
  StopOptions,
  Streams,
  WaitOptions,
} from "../../api/index.js";
import { inHaste } from "../../contracts/haste.js";
import type { ContainerRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { ContainerEnding } from "../lifecycle/container-ending.js";
import type { ContainerExit } from "../lifecycle/container-exit.js";
import type { ContainerStarter, Started } from "../lifecycle/container-starter.js";
import type { JointRemoval } from "../lifecycle/joint-removal.js";
import type { Recovery } from "../lifecycle/recovery.js";
import type { Restarter } from "../lifecycle/restarter.js";
import type { RunFollower } from "../lifecycle/run-follower.js";
import type { Teardown } from "../lifecycle/teardown.js";
import { planContainer } from "../plan/container-plan.js";
import { parsePublication, parseRequests } from "../requests/container-requests.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { asSeen, isActive } from "../rows/active-container.js";
import { refuseBusy } from "../rows/refuse-busy.js";
import type { Adaptations } from "../updates/adaptations.js";
import { collectOutput } from "./collected-output.js";
import { containerDetails, withHealth } from "./container-details.js";
import { stillActive, withoutLog } from "./container-errors.js";
import type { LivePorts } from "./live-ports.js";
import { setRestartPolicy, toStartAtBoot } from "./restart-policies.js";

/** How containers come to run, and how they end. */
export interface Lifecycle {
  readonly adaptations: Pick<Adaptations, "follow">;
  readonly starter: ContainerStarter;
  readonly containerExit: ContainerExit;
  readonly ending: ContainerEnding;
  readonly follower: RunFollower;
  readonly restarter: Restarter;
  readonly teardown: Teardown;
  readonly jointRemoval: Pick<JointRemoval, "remove">;
  readonly recovery: Pick<Recovery, "about">;
}

export class ContainerUseCases implements Containers {
  constructor(
    private readonly parts: Parts,
    private readonly life: Lifecycle,
    private readonly livePorts: LivePorts,
  ) {}

  async create(spec: ContainerSpec): Promise<Container> {
    const { store, applier } = this.parts;
    const planned = store.transaction(() => this.plan(spec));
    await undoOnFailure(
      () => applier.ensure(planned.resources),
      () => this.life.teardown.container(planned),
    );
    return store.transaction(() => {
      // Read it again: other commands see it by now, and may have put it on a network.
      const row = store.containers.resolve(planned.id);
      store.containers.update({ ...row, state: "ready" });
      return row.container;
    });
  }

  async start(ref: string): Promise<Container> {
    const { container } = await this.startNow(ref);
    // One that ended at once did so while it was still `starting`, when its supervisor's call could not release it.
    await this.life.containerExit.release(container.id);
    return container;
  }

  async startAttached(ref: string, { streams, onStart }: ForegroundOptions = {}): Promise<CommandResult> {
    return collectOutput(streams, async (own) =>
      this.life.follower.follow(await this.startNow(ref, own), own, onStart),
    );
  }

  async run(spec: ContainerSpec, { streams, onStart }: ForegroundOptions = {}): Promise<CommandResult> {
    return collectOutput(streams, async (own) =>
      this.life.follower.follow(await this.createAndStart(spec, own), own, onStart),
    );
  }

  async runDetached(spec: ContainerSpec): Promise<Container> {
    const { container } = await this.createAndStart(spec);
    await this.life.containerExit.release(container.id);
    return container;
  }

  async stop(ref: string, options: StopOptions = {}): Promise<Container> {
    const { container } = this.parts.store.containers.resolve(ref);
    return this.life.ending.stop(container, options);
  }

  async kill(ref: string, signal: string): Promise<Container> {
    const row = this.parts.store.containers.resolve(ref);
    if (row.container.status !== "restarting") this.requireRunning(ref);
    return this.life.ending.kill(row.container, signal);
  }

  async remove(ref: string, options: RemovalOptions = {}): Promise<Container & Forgotten> {
    const { store, processes } = this.parts;
    const { id, container } = store.containers.resolve(ref);
    await this.life.recovery.about(id);
    const row = store.containers.get(id);
    if (row === undefined) return container;
    // What a plug-in stopped when this process began, none goes on with.
    const isStuck = row.container.status === "stopping" && sameOwner(row.owner, processes.self());
    if (options.force && isStuck) return this.removeRest(id);
    try {
      return await this.removeWhole(id, options);
    } catch (error) {
      if (options.force !== true || !TsdError.is(error, "plugin")) throw error;
      return this.removeRest(id);
    }
  }

  /** See {@link Containers.removeTogether}. */
  async removeTogether(refs: readonly string[]): Promise<ReadonlyMap<string, Container>> {
    return this.life.jointRemoval.remove(refs);
  }

  /** Of a container whose removal a plug-in stopped, which is not waited for once more; what is left is given up. */
  private async removeRest(ref: string): Promise<Container & Forgotten> {
    const { store, processes } = this.parts;
    const row = store.transaction(() => {
      const found = store.containers.resolve(ref);
      const leaving: ContainerRow = { ...found, state: "deleting", owner: processes.self() };
      store.containers.update(leaving);
      return leaving;
    });
    const { teardown, outcome } = this.life.teardown.forRequest({ force: true });
    await inHaste(() => (isActive(row.container) ? teardown.run(row) : teardown.container(row)));
    return { ...row.container, ...outcome() };
  }

  private async removeWhole(ref: string, options: RemovalOptions): Promise<Container> {
    const { store } = this.parts;
    const container = await this.life.containerExit.whenReleased(ref);
    const { id } = container;
    if (options.force && store.unwritable !== undefined && isActive(container)) {
      // It may be what fills the disk.
      await this.life.ending.kill(container, "KILL");
    }
    const begin = () => this.beginRemoval(id, options.force ?? false);
    let leaving = begin();
    while (leaving === "starting") {
      await this.life.containerExit.whenStarted(container);
      leaving = begin();
    }
    if (leaving !== undefined && isActive(leaving.container)) await this.life.ending.end(leaving.container);
    const left = store.containers.get(id);
    if (left !== undefined) await this.life.teardown.container(left);
    return container;
  }

  /** Marks a container for removal, so that the process that sees its exit removes it, and no command starts it. */
  private beginRemoval(id: string, force: boolean): ContainerRow | "starting" | undefined {
    const { store, processes } = this.parts;
    return store.transaction(() => {
      const row = store.containers.get(id);
      if (row === undefined) return undefined;
      const { container } = row;
      refuseBusy(processes, row, { noun: "container", name: container.name });
      if (isActive(container) && !force) throw stillActive(container);
      if (container.status === "starting" && processes.isAlive(row.owner)) return "starting";
      // Who waits for it in the foreground, or stops it at this moment, goes on.
      const owner = container.attached || container.status === "stopping" ? row.owner : processes.self();
      const leaving: ContainerRow = { ...row, state: "deleting", owner };
      store.containers.update(leaving);
      return leaving;
    });
  }

  async wait(ref: string, { signal }: WaitOptions = {}): Promise<number> {
    return this.life.containerExit.exitCode(this.parts.store.containers.resolve(ref).container, signal);
  }

  async exec(ref: string, spec: ExecSpec, { streams, ...options }: ExecOptions = {}): Promise<CommandResult> {
    const { container } = this.requireRunning(ref);
    await this.life.adaptations.follow();
    const runtime = await this.parts.runtime();
    const { signal: given, ...rest } = options;
    return collectOutput(streams, (own, full) => {
      const signals = [given, full].filter((signal) => signal !== undefined);
      const ending = signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
      return runtime.exec(container.id, spec, { ...rest, ...ending, streams: own });
    });
  }

  async publish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]> {
    const publications = ports.map(parsePublication);
    const running = this.requireRunning(ref);
    await this.life.adaptations.follow();
    return this.livePorts.publish(running, publications);
  }

  async unpublish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]> {
    const publications = ports.map(parsePublication);
    return this.livePorts.unpublish(this.requireRunning(ref), publications);
  }

  async *logs(ref: string, options: LogOptions = {}): AsyncIterable<LogLine> {
    const { container } = this.parts.store.containers.resolve(ref);
    if (container.spec.log?.driver === "none") throw withoutLog(container);
    yield* (await this.parts.runtime()).logs(container.id, options);
  }

  list(options: { readonly all?: boolean } = {}): readonly ContainerDetails[] {
    const { store, processes } = this.parts;
    const rows = options.all
      ? store.containers.list()
      : store.containers.active().filter((row) => isActive(asSeen(processes, row)));
    return containerDetails(this.parts, rows).toReversed();
  }

  inspect(ref: string): ContainerDetails {
    const row = this.parts.store.containers.resolve(ref);
    const [details] = containerDetails(this.parts, [withHealth(this.parts, row)]);
    return details as ContainerDetails;
  }

  async release(id: string): Promise<void> {
    await this.life.follower.seeToEnd(id);
  }

  toStartAtBoot(): readonly Container[] {
    return toStartAtBoot(this.parts.store);
  }

  async setRestartPolicy(ref: string, policy: RestartPolicy): Promise<Container> {
    return setRestartPolicy(this.parts, ref, policy);
  }

  /** A container that is still `creating`: should this process die, it goes. */
  private plan(spec: ContainerSpec): ContainerRow {
    return planContainer(this.parts, { spec, requests: parseRequests(spec) });
  }

  private async createAndStart(spec: ContainerSpec, streams?: Streams): Promise<Started> {
    // Nothing is made for it before the plan of its run is on the disk, which has this row then too.
    const { id } = this.parts.store.unsyncedTransaction(() => this.plan(spec));
    return undoOnFailure(
      () => this.life.starter.start(id, streams),
      async () => {
        // Past this status the starter has undone the run, and the container with it, as far as that was possible.
        const row = this.parts.store.containers.get(id);
        if (row?.container.status === "created") await this.life.teardown.container(row);
      },
    );
  }

  private async startNow(ref: string, streams?: Streams): Promise<Started> {
    const { id } = await this.life.containerExit.whenReleased(ref);
    return (await this.life.restarter.startNow(id, streams)) ?? this.life.starter.start(id, streams);
  }

  private requireRunning(ref: string): ContainerRow {
    const row = this.parts.store.containers.resolve(ref);
    const { name, status } = asSeen(this.parts.processes, row);
    if (status === "running") return row;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CONTAINER_NOT_RUNNING",
      message: `container "${name}" is not running, but ${status}`,
      hint: `Start it: tsd start ${name}`,
      details: { container: row.id, status },
    });
  }
}
