import { setTimeout as sleep } from "node:timers/promises";
import type { Container, Resource, Streams } from "../../api/index.js";
import { isIntent } from "../../api/intent.js";
import { monotonicTime } from "../../contracts/clock.js";
import type { Attachment, ContainerRow, EndpointRow, Leaving, RuntimeSpec } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { warnOfUnreachablePorts } from "../host-facts/forwarding-warnings.js";
import { missingSources } from "../host-facts/volumes.js";
import type { Proposals } from "../ipam/proposals.js";
import { keptResources, withoutDirectories } from "../plan/container-files.js";
import { planRun, type RunPlan } from "../plan/run-plan.js";
import { runtimeSpec } from "../plan/runtime-spec.js";
import { requestsOf } from "../requests/container-requests.js";
import { defaultNetworkName } from "../requests/predefined-networks.js";
import { interleave } from "../resources/interleave.js";
import { ensureOnNetworks } from "../resources/network-revival.js";
import { together } from "../resources/together.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { noteRun } from "../rows/note-run.js";
import { settleVolumes, volumesOf } from "../rows/volumes-of.js";
import { withNames } from "../sandbox/hosts-file.js";
import { keeperOf, splitSandbox } from "../sandbox/sandbox.js";
import type { DefaultNetwork } from "../settings/default-network.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { Neighbours } from "../updates/neighbours.js";
import type { ClusterNetworks } from "./cluster-networks.js";
import type { Teardown } from "./teardown.js";

/** Who waits for a container in the foreground. */
export interface Caller {
  readonly streams: Streams;
  /** The caller's input goes to a container that is `interactive`. */
  readonly input: boolean;
  readonly leaving: Leaving;
}

export interface Started {
  readonly container: Container;
  readonly attachment: Attachment | undefined;
}

/** Milliseconds that another command may take to end a run. */
const patience = 10_000;

/** From a container that does not run to one that does, or back without a trace. */
export class ContainerStarter {
  constructor(
    private readonly parts: Parts,
    private readonly defaultNetwork: Pick<DefaultNetwork, "prepare">,
    private readonly others: {
      readonly adaptations: Pick<Adaptations, "follow">;
      readonly neighbours: Neighbours;
      readonly teardown: Teardown;
      readonly proposals: Pick<Proposals, "during">;
      readonly clusterNetworks: Pick<ClusterNetworks, "prepareForAll">;
    },
  ) {}

  async start(ref: string, caller?: Caller): Promise<Started> {
    const { store } = this.parts;
    const host = await this.parts.host();
    const defaultNetwork = await this.prepareDefault(store.containers.resolve(ref).container);
    await this.others.adaptations.follow();
    const attached = caller !== undefined;
    const oci = await this.chooseRuntime(store.containers.resolve(ref));
    await this.untilFree(store.containers.resolve(ref));
    const plan = await this.others.proposals.during((proposed) =>
      store.transaction(() => planRun(this.parts, host, { ref, defaultNetwork, attached, proposed })),
    );
    return undoOnFailure(
      () => this.carryOut(plan, oci, caller),
      () => this.others.teardown.run(plan.row),
    );
  }

  /**
   * Starts a container again that holds what its last run held: all of that is made again, so that what the last run did to it is
   * gone. Rules and what they claim stay in force all the time, and so does a namespace that others are in.
   */
  async startAgain(row: ContainerRow, renews: boolean, caller?: Caller): Promise<Started> {
    const { store, applier, paths } = this.parts;
    await this.others.adaptations.follow();
    await (await this.parts.runtime()).remove({ id: row.id });
    const endpoints = store.endpoints.ofContainer(row.id);
    const attached = interleave(endpoints.map(({ resources }) => resources.filter((one) => !isIntent(one))));
    const own = (renews ? [...row.resources, ...attached] : splitSandbox(row).rest).filter((one) => !isTimer(one));
    await applier.remove(withoutDirectories(own, keptResources(paths, row.container)));
    return this.carryOut({ row, endpoints }, await this.chooseRuntime(row), caller);
  }

  /** Name or path of the OCI runtime that a container remembers, else of the one that it will have. */
  private async chooseRuntime({ container }: ContainerRow): Promise<string> {
    return (await this.parts.runtime()).choose(container.runtime);
  }

  private async carryOut({ row, endpoints: planned }: RunPlan, oci: string, caller?: Caller): Promise<Started> {
    const { store, applier } = this.parts;
    const runtime = await this.parts.runtime();
    const spec = runtimeSpec(this.parts, row, oci);
    const resources = withNames(store, row);
    await applier.prepare(resources);
    await this.makeSources(row);
    await applier.ensure(resources.filter((one) => !isService(one)));
    // The runtime joins the namespace by its path. What is in it needs to be there only once the container starts.
    const creation = runtime.create(spec);
    const [endpoints, { pid, start }] = await together(this.connect(row, planned), creation);
    if (caller !== undefined) runtime.attend(row.id);
    const attachment = caller === undefined ? undefined : await this.attach(spec, caller);
    await runtime.start(row.id);
    const running = noteRun(store, { goes: row.container.spec.autoRemove === true }, () => {
      // Read it again: neighbours and a container whose network this one shares may have changed the row.
      const current = store.containers.resolve(row.id);
      const { exitCode: _code, finishedAt: _at, outOfMemory: _memory, ...ended } = current.container;
      const { restartAt: _restart, restartFailure: _failure, ...container } = ended;
      const started: ContainerRow = {
        ...current,
        state: current.state === "creating" ? "ready" : current.state,
        container: {
          ...container,
          ...beginningHealth(container),
          status: "running",
          pid,
          pidStart: start,
          startedAt: new Date().toISOString(),
          runtime: oci,
        },
      };
      for (const endpoint of endpoints)
        if (endpoint.state === "creating") store.endpoints.update({ ...endpoint, state: "ready" });
      store.containers.update(started);
      settleVolumes(this.parts, started);
      return started;
    });
    return { container: running.container, attachment };
  }

  private async attach(spec: RuntimeSpec, { streams, input, leaving }: Caller): Promise<Attachment> {
    const runtime = await this.parts.runtime();
    return runtime.attach({ ...spec, interactive: spec.interactive && input }, streams, leaving);
  }

  /** What it mounts of the host, and is tsd's to make. */
  private async makeSources(row: ContainerRow): Promise<void> {
    const { store, applier } = this.parts;
    const made = [
      ...volumesOf(store, row).flatMap(({ resources }) => resources),
      ...missingSources(requestsOf(row).mounts),
    ];
    if (made.length > 0) await applier.ensure(made);
  }

  /** Puts a container that is about to start on its networks, with what serves it. Returns its endpoints as they are now. */
  private async connect(row: ContainerRow, planned: readonly EndpointRow[]): Promise<readonly EndpointRow[]> {
    const { store, applier } = this.parts;
    const resources = interleave(planned.map((endpoint) => endpoint.resources));
    const endpoints = await ensureOnNetworks(this.parts, planned, resources);
    await applier.ensure(row.resources.filter(isService));
    const publishing = endpoints.filter(({ endpoint }) => endpoint.ports.length > 0);
    if (publishing.length > 0) {
      const networkIds = publishing.map(({ endpoint }) => endpoint.networkId);
      await warnOfUnreachablePorts(this.parts, await this.parts.host(), { name: row.container.name, networkIds });
    }
    await this.others.neighbours.tell(
      store.endpoints.ofContainer(row.id).map(({ endpoint }) => endpoint.networkId),
      row.id,
    );
    return endpoints;
  }

  /** What another kept of its network, and takes down at this moment, still has its addresses and ports. */
  private async untilFree(row: ContainerRow): Promise<void> {
    const { store } = this.parts;
    const deadline = monotonicTime() + patience;
    while (keeperOf(store, row)?.container.status === "stopping" && monotonicTime() < deadline) await sleep(5);
  }

  /**
   * Makes the default network and those of the cluster where the container is to be on them. Returns the default one's name if the
   * container names no network.
   */
  private async prepareDefault({ spec }: Container): Promise<string | undefined> {
    const networks = spec.networks ?? [];
    if (networks.length === 0) return this.defaultNetwork.prepare();
    if (networks.some(({ network }) => network === defaultNetworkName)) await this.defaultNetwork.prepare();
    await this.others.clusterNetworks.prepareForAll(networks);
    return undefined;
  }
}

/** A process that does something for the container, and for others. */
function isService({ kind }: Pick<Resource, "kind">): boolean {
  return kind === "resolver" || isTimer({ kind });
}

function isTimer({ kind }: Pick<Resource, "kind">): boolean {
  return kind === "health" || kind === "rotation";
}

/** What is known of the health of a run that begins. */
function beginningHealth({ healthCheck }: Container): Pick<Container, "health"> {
  return healthCheck === undefined ? {} : { health: { status: "starting", failingStreak: 0, log: [] } };
}
