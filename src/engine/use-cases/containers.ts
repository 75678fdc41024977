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
  Pruned,
  RemovalOptions,
  StopOptions,
  Streams,
  WaitOptions,
} from "../../api/index.js";
import type { ContainerRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { ContainerExit } from "../lifecycle/container-exit.js";
import type { ContainerStarter, Started } from "../lifecycle/container-starter.js";
import type { JointRemoval } from "../lifecycle/joint-removal.js";
import type { Recovery } from "../lifecycle/recovery.js";
import type { Teardown } from "../lifecycle/teardown.js";
import { planContainer } from "../plan/container-plan.js";
import { parsePublication, parseRequests } from "../requests/container-requests.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { asSeen, isActive } from "../rows/active-container.js";
import { settleVolumes, volumesOf } from "../rows/volumes-of.js";
import type { Adaptations } from "../updates/adaptations.js";
import { collectOutput } from "./collected-output.js";
import { containerDetails } from "./container-details.js";
import { ContainerEnding } from "./container-ending.js";
import { ContainerFileUseCases } from "./container-files.js";
import { ContainerRemoval } from "./container-removal.js";
import type { LivePorts } from "./live-ports.js";
import { pruneContainers } from "./prune-containers.js";
import { whenVolumesAreFree } from "./when-volumes-are-free.js";

/** Seconds between the stop signal and SIGKILL, as docker's. */
const defaultStopTimeout = 10;

/** How containers come to run, and how they end. */
export interface Lifecycle {
  readonly adaptations: Pick<Adaptations, "follow">;
  readonly starter: ContainerStarter;
  readonly containerExit: ContainerExit;
  readonly teardown: Teardown;
  readonly jointRemoval: Pick<JointRemoval, "remove">;
  readonly recovery: Pick<Recovery, "about">;
}

export class ContainerUseCases extends ContainerFileUseCases implements Containers {
  private readonly ending: ContainerEnding;
  private readonly removal: ContainerRemoval;

  constructor(
    parts: Parts,
    private readonly life: Lifecycle,
    private readonly livePorts: LivePorts,
  ) {
    super(parts);
    this.ending = new ContainerEnding(parts, life.containerExit);
    this.removal = new ContainerRemoval(parts, life, this.ending);
  }

  async create(spec: ContainerSpec): Promise<Container> {
    const { store, applier } = this.parts;
    const planned = await whenVolumesAreFree(() => store.transaction(() => this.plan(spec)));
    const volumes = volumesOf(store, planned).flatMap(({ resources }) => resources);
    await undoOnFailure(
      () => applier.ensure([...planned.resources, ...volumes]),
      () => this.life.teardown.container(planned),
    );
    return store.transaction(() => {
      // Read it again: other commands see it by now, and may have put it on a network.
      const row = store.containers.resolve(planned.id);
      store.containers.update({ ...row, state: "ready" });
      settleVolumes(this.parts, row);
      return row.container;
    });
  }

  async start(ref: string): Promise<Container> {
    const { id } = await this.life.containerExit.whenReleased(ref);
    const { container } = await this.life.starter.start(id);
    // One that ended at once did so while it was still `starting`, when its supervisor's call could not release it.
    await this.life.containerExit.release(container.id);
    return container;
  }

  async startAttached(ref: string, { streams, onStart }: ForegroundOptions = {}): Promise<CommandResult> {
    const { id } = await this.life.containerExit.whenReleased(ref);
    return collectOutput(streams, async (own) => this.follow(await this.life.starter.start(id, own), onStart));
  }

  async run(spec: ContainerSpec, { streams, onStart }: ForegroundOptions = {}): Promise<CommandResult> {
    return collectOutput(streams, async (own) => this.follow(await this.createAndStart(spec, own), onStart));
  }

  async runDetached(spec: ContainerSpec): Promise<Container> {
    const { container } = await this.createAndStart(spec);
    await this.life.containerExit.release(container.id);
    return container;
  }

  async stop(ref: string, { timeout = defaultStopTimeout, signal }: StopOptions = {}): Promise<Container> {
    const container = await this.life.containerExit.whenStarted(this.parts.store.containers.resolve(ref).container);
    if (!isActive(container)) return container;
    await this.life.containerExit.attended(container, async () => {
      await this.ending.signal(container, container.stopSignal);
      if (!(await this.life.containerExit.hasGone(container, timeout * 1000, signal)))
        await this.ending.signal(container, "KILL");
      await this.life.containerExit.settle(container);
    });
    return container;
  }

  async kill(ref: string, signal: string): Promise<Container> {
    const { container } = this.requireRunning(ref);
    if (/^(SIG)?KILL$|^9$/i.test(signal)) await this.ending.kill(container);
    else await this.ending.signal(container, signal);
    return container;
  }

  async prune(isMeant: (container: Container) => boolean = () => true): Promise<Pruned<Container>> {
    return pruneContainers(this, isMeant);
  }

  async remove(ref: string, options: RemovalOptions = {}): Promise<Container & Forgotten> {
    return this.removal.remove(ref, options);
  }

  /** See {@link Containers.removeTogether}. */
  async removeTogether(refs: readonly string[]): Promise<ReadonlyMap<string, Container>> {
    return this.life.jointRemoval.remove(refs);
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
    const [details] = containerDetails(this.parts, [this.parts.store.containers.resolve(ref)]);
    return details as ContainerDetails;
  }

  async release(id: string): Promise<void> {
    await this.life.containerExit.release(id);
  }

  /** A container that is still `creating`: should this process die, it goes. */
  private plan(spec: ContainerSpec): ContainerRow {
    return planContainer(this.parts, { spec, requests: parseRequests(spec) });
  }

  private async createAndStart(spec: ContainerSpec, streams?: Streams): Promise<Started> {
    // Nothing is made for it before the plan of its run is on the disk, which has this row then too.
    const { id } = await whenVolumesAreFree(() => this.parts.store.unsyncedTransaction(() => this.plan(spec)));
    return undoOnFailure(
      () => this.life.starter.start(id, streams),
      async () => {
        // Past this status the starter has undone the run, and the container with it, as far as that was possible.
        const row = this.parts.store.containers.get(id);
        if (row?.container.status === "created") await this.life.teardown.container(row);
      },
    );
  }

  /** Copies the streams of a foreground container until it ends, then releases it. */
  private async follow({ container, attachment }: Started, onStart: ForegroundOptions["onStart"]): Promise<number> {
    onStart?.(container);
    try {
      await attachment?.pump();
    } finally {
      attachment?.close();
    }
    await this.life.containerExit.hasGone(container, Number.POSITIVE_INFINITY);
    const ended = await this.life.containerExit.release(container.id);
    return ended?.exitCode ?? (await this.life.containerExit.exitCode(container));
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
