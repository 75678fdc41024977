import type {
  Endpoint,
  Network,
  NetworkAttachment,
  NetworkDetails,
  NetworkRow,
  NetworkSpec,
  Networks,
} from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Connections } from "./connections.js";
import { endpointUser } from "./endpoint-user.js";
import { warnOfForwarding } from "./forwarding-warnings.js";
import { checkName } from "./identifiers.js";
import { planNetwork } from "./network-plan.js";
import type { Parts } from "./parts.js";
import { predefined, refusePredefined } from "./predefined-networks.js";
import { refuseBusy } from "./refuse-busy.js";
import { claimShared } from "./shared-resources.js";
import type { Teardown } from "./teardown.js";
import { undoOnFailure } from "./undo-on-failure.js";

type NetworkParts = Pick<
  Parts,
  "store" | "processes" | "reconciler" | "ipam" | "drivers" | "host" | "warn" | "settings"
>;

export class NetworkUseCases implements Networks {
  constructor(
    private readonly parts: NetworkParts,
    private readonly teardown: Teardown,
    private readonly connections: Connections,
  ) {}

  async create(spec: NetworkSpec): Promise<Network> {
    const { store, reconciler } = this.parts;
    checkName("network", spec.name);
    refusePredefined(this.parts.drivers, spec.name);
    const host = await this.parts.host();
    const planned = store.transaction(() => planNetwork(this.parts, host, spec));
    const row = await undoOnFailure(
      async () => {
        await reconciler.ensure(planned.resources);
        // It need not outlive a power cut, which resets the kernel's parameters.
        const claimed = store.fleetingTransaction(() => claimShared(this.parts, host, planned));
        await reconciler.ensure(claimed.shared);
        return claimed.row;
      },
      () => this.teardown.network(planned),
    );
    store.transaction(() => store.networks.update({ ...row, state: "ready" }));
    await warnOfForwarding(this.parts, host, row.network);
    return row.network;
  }

  list(): readonly Network[] {
    return [...this.parts.store.networks.list().map(({ network }) => network), ...predefined(this.parts.drivers)];
  }

  inspect(ref: string): NetworkDetails {
    const { store, drivers } = this.parts;
    const fixed = predefined(drivers).find(({ name }) => name === ref);
    if (fixed !== undefined) return { network: fixed, endpoints: [] };
    const { network } = store.networks.resolve(ref);
    const endpoints = store.endpoints.ofNetwork(network.id).map(({ endpoint, containerId }) => {
      const container = containerId === undefined ? undefined : store.containers.get(containerId)?.container;
      return container === undefined
        ? { endpoint }
        : { endpoint, container: { id: container.id, name: container.name } };
    });
    return { network, endpoints };
  }

  async remove(ref: string): Promise<Network> {
    const { store, processes, drivers } = this.parts;
    refusePredefined(drivers, ref);
    const row = store.transaction(() => {
      const found = store.networks.resolve(ref);
      // Two that take apart what several networks share would each undo what the other does.
      refuseBusy(processes, found, { noun: "network", name: found.network.name, states: ["creating", "deleting"] });
      this.refuseInUse(found);
      const deleting: NetworkRow = { ...found, state: "deleting", owner: processes.self() };
      store.networks.update(deleting);
      return deleting;
    });
    await this.teardown.network(row);
    return row.network;
  }

  async prune(): Promise<readonly Network[]> {
    const { store } = this.parts;
    const unused = store.networks
      .list()
      .filter(({ id, state }) => state === "ready" && store.endpoints.ofNetwork(id).length === 0);
    const removed: Network[] = [];
    for (const { id } of unused) {
      try {
        removed.push(await this.remove(id));
      } catch (error) {
        // Since then somebody has begun to use it, or has removed it.
        if (!TsdError.is(error, "conflict") && !TsdError.is(error, "not-found")) throw error;
      }
    }
    return removed;
  }

  connect(target: string, attachment: NetworkAttachment): Promise<Endpoint | undefined> {
    return this.connections.connect(target, attachment);
  }

  disconnect(target: string, network: string): Promise<void> {
    return this.connections.disconnect(target, network);
  }

  private refuseInUse({ id, network }: NetworkRow): void {
    const users = this.parts.store.endpoints.ofNetwork(id).map((row) => endpointUser(this.parts.store, row));
    if (users.length === 0) return;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_NETWORK_IN_USE",
      message: `network "${network.name}" is in use by ${users.join(", ")}`,
      hint: "Stop or remove them first.",
      details: { network: id, users },
    });
  }
}
