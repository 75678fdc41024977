import type {
  CommandResult,
  Container,
  ContainerChanges,
  ContainerDetails,
  ContainerSpec,
  Containers,
  ForegroundOptions,
  Forgotten,
  PortBinding,
  Pruned,
  RemovalOptions,
  StopOptions,
} from "../../api/index.js";
import type { ContainerRow } from "../../contracts/index.js";
import { signalNumber } from "../../contracts/signal-number.js";
import type { Parts } from "../contracts/parts.js";
import type { Caller, Started } from "../lifecycle/container-starter.js";
import { planContainer } from "../plan/container-plan.js";
import { parsePublication, parseRequests } from "../requests/container-requests.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { asSeen, isActive } from "../rows/active-container.js";
import { noteEvents } from "../rows/note-event.js";
import { requireRunning } from "../rows/require-running.js";
import { settleVolumes, volumesOf } from "../rows/volumes-of.js";
import { containerDetails, withHealth } from "./container-details.js";
import { ContainerFileUseCases } from "./container-files.js";
import type { Lifecycle } from "./container-lifecycle.js";
import { ContainerRemoval } from "./container-removal.js";
import { ContainerSessions } from "./container-sessions.js";
import type { LivePorts } from "./live-ports.js";
import { pruneContainers } from "./prune-containers.js";
import { toStartAtBoot } from "./restart-policies.js";
import { whenVolumesAreFree } from "./when-volumes-are-free.js";

export class ContainerUseCases extends ContainerFileUseCases implements Containers {
  readonly attach: Containers["attach"] = (ref, options) => this.sessions.attach(ref, options);
  readonly exec: Containers["exec"] = (ref, spec, options) => this.sessions.exec(ref, spec, options);
  readonly execDetached: Containers["execDetached"] = (ref, spec) => this.sessions.execDetached(ref, spec);
  readonly resize: Containers["resize"] = (ref, size) => this.sessions.resize(ref, size);
  readonly logs: Containers["logs"] = (ref, options) => this.sessions.logs(ref, options);
  readonly top: Containers["top"] = (ref, options) => this.life.meter.top(ref, options);
  readonly stats: Containers["stats"] = (ref, options) => this.life.meter.stats(ref, options);
  readonly statsOf: Containers["statsOf"] = (refs, options) => this.life.meter.statsOf(refs, options);
  readonly rename: Containers["rename"] = (ref, name) => this.life.renaming.rename(ref, name);
  readonly wait: Containers["wait"] = (ref, options) => this.life.waiting.wait(ref, options);
  private readonly sessions: ContainerSessions;
  private readonly removal: ContainerRemoval;

  constructor(
    parts: Parts,
    private readonly life: Lifecycle,
    private readonly livePorts: LivePorts,
  ) {
    super(parts);
    this.sessions = new ContainerSessions(parts, life);
    this.removal = new ContainerRemoval(parts, life);
  }

  async create(spec: ContainerSpec): Promise<Container> {
    const { store, applier } = this.parts;
    if (spec.runtime !== undefined) (await this.parts.runtime()).choose(spec.runtime);
    await this.life.clusterNetworks.prepareForAll(spec.networks);
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
    const { container } = await this.startNow(ref);
    // One that ended at once did so while it was still `starting`, when its supervisor's call could not release it.
    await this.life.containerExit.release(container.id);
    return container;
  }

  async startAttached(ref: string, options: ForegroundOptions = {}): Promise<CommandResult> {
    return this.sessions.inForeground(options, (caller) => this.startNow(ref, caller));
  }

  async run(spec: ContainerSpec, options: ForegroundOptions = {}): Promise<CommandResult> {
    return this.sessions.inForeground(options, (caller) => this.createAndStart(spec, caller));
  }

  async runDetached(spec: ContainerSpec): Promise<Container> {
    const { container } = await this.createAndStart(spec);
    await this.life.containerExit.release(container.id);
    return container;
  }

  async stop(ref: string, options: StopOptions = {}): Promise<Container> {
    return this.life.ending.stop(this.parts.store.containers.resolve(ref).container, options);
  }

  async restart(ref: string, options: StopOptions = {}): Promise<Container> {
    const { id, name } = await this.stop(ref, options);
    const container = await this.start(id);
    noteEvents(this.parts.store, { kind: "container", id, name, action: "restart" });
    return container;
  }

  async kill(ref: string, signal: string): Promise<Container> {
    // A signal that there is not is the caller's fault, whatever the container does.
    signalNumber(signal);
    const row = this.parts.store.containers.resolve(ref);
    if (row.container.status !== "restarting") requireRunning(this.parts, ref);
    return this.life.ending.kill(row.container, signal);
  }

  async prune(isMeant: (container: Container) => boolean = () => true): Promise<Pruned<Container>> {
    return pruneContainers(this, isMeant);
  }

  pause(ref: string): Promise<Container> {
    return this.life.changes.pause(ref);
  }

  unpause(ref: string): Promise<Container> {
    return this.life.changes.unpause(ref);
  }

  update(ref: string, changes: ContainerChanges): Promise<Container> {
    return this.life.changes.update(ref, changes);
  }

  async remove(ref: string, options: RemovalOptions = {}): Promise<Container & Forgotten> {
    return this.removal.remove(ref, options);
  }

  /** See {@link Containers.removeTogether}. */
  async removeTogether(refs: readonly string[]): Promise<ReadonlyMap<string, Container>> {
    return this.life.jointRemoval.remove(refs);
  }

  async publish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]> {
    const publications = ports.map(parsePublication);
    const running = requireRunning(this.parts, ref);
    await this.life.adaptations.follow();
    return this.livePorts.publish(running, publications);
  }

  async unpublish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]> {
    const publications = ports.map(parsePublication);
    return this.livePorts.unpublish(requireRunning(this.parts, ref), publications);
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

  /** A container that is still `creating`: should this process die, it goes. */
  private plan(spec: ContainerSpec): ContainerRow {
    return planContainer(this.parts, { spec, requests: parseRequests(spec) });
  }

  private async createAndStart(spec: ContainerSpec, caller?: Caller): Promise<Started> {
    await this.life.clusterNetworks.prepareForAll(spec.networks);
    // Nothing is made for it before the plan of its run is on the disk, which has this row then too.
    const { id } = await whenVolumesAreFree(() => this.parts.store.unsyncedTransaction(() => this.plan(spec)));
    return undoOnFailure(
      () => this.life.starter.start(id, caller),
      async () => {
        // Past this status the starter has undone the run, and the container with it, as far as that was possible.
        const row = this.parts.store.containers.get(id);
        if (row?.container.status === "created") await this.life.teardown.container(row);
      },
    );
  }

  private async startNow(ref: string, caller?: Caller): Promise<Started> {
    const { id, spec } = await this.life.containerExit.whenReleased(ref);
    const start = async (): Promise<Started> =>
      (await this.life.restarter.startNow(id, caller)) ?? this.life.starter.start(id, caller);
    // As docker: one that goes with its run goes as well where the run does not begin. One that runs or is in use stays.
    return spec.autoRemove ? undoOnFailure(start, () => this.removal.remove(id)) : start();
  }
}
