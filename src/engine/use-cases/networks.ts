import type {
  Endpoint,
  Forgotten,
  Network,
  NetworkAttachment,
  NetworkChange,
  NetworkDetails,
  NetworkMember,
  NetworkName,
  NetworkOverview,
  NetworkSpec,
  Networks,
  RemovalOptions,
  SharedNetwork,
} from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { networkMembers } from "../cluster/network-members.js";
import type { Parts } from "../contracts/parts.js";
import type { ClusterNetworks } from "../lifecycle/cluster-networks.js";
import type { NetworkLifecycle } from "../lifecycle/network-lifecycle.js";
import type { Recovery } from "../lifecycle/recovery.js";
import { listedNames } from "../names/listed-names.js";
import { predefined, refusePredefined } from "../requests/predefined-networks.js";
import { networkIdOf } from "../rows/network-id.js";
import { hasNames } from "../sandbox/uses-resolver.js";
import type { DefaultNetwork } from "../settings/default-network.js";
import type { NetworkUpdates } from "../updates/network-updates.js";
import { refuseMode } from "./connection-errors.js";
import type { Connections } from "./connections.js";
import type { EndpointUseCases } from "./endpoints.js";
import { connectTogether } from "./joint-connections.js";

interface NetworkChanges {
  readonly lifecycle: Pick<NetworkLifecycle, "create" | "remove">;
  readonly defaultNetwork: Pick<DefaultNetwork, "expected" | "prepareFor" | "refuse">;
  readonly clusterNetworks: Pick<ClusterNetworks, "find" | "prepareFor">;
  readonly connections: Pick<Connections, "connect" | "disconnect">;
  readonly endpoints: Pick<EndpointUseCases, "attachMany">;
  readonly recovery: Pick<Recovery, "about">;
  readonly updates: Pick<NetworkUpdates, "update">;
}

export class NetworkUseCases implements Networks {
  constructor(
    private readonly parts: Pick<Parts, "store" | "drivers" | "warn" | "cluster">,
    private readonly changes: NetworkChanges,
  ) {}

  async create(spec: NetworkSpec): Promise<Network> {
    refusePredefined(this.parts.drivers, spec.name);
    this.changes.defaultNetwork.refuse(spec.name);
    return this.changes.lifecycle.create(spec);
  }

  list(): readonly Network[] {
    return [...this.parts.store.networks.list().map(({ network }) => network), ...this.predefined()];
  }

  inspect(ref: string): NetworkDetails {
    const { store } = this.parts;
    const named = this.predefinedAs(ref);
    if (named !== undefined) return { network: named, hasResolver: false, endpoints: [] };
    const { network } = store.networks.resolve(ref);
    const endpoints = store.endpoints.ofNetwork(network.id).map(({ endpoint, containerId }) => {
      const container = containerId === undefined ? undefined : store.containers.get(containerId)?.container;
      return container === undefined
        ? { endpoint }
        : { endpoint, container: { id: container.id, name: container.name } };
    });
    return { network, hasResolver: hasNames(network), endpoints };
  }

  prepare(ref: string): Promise<void> {
    return this.changes.defaultNetwork.prepareFor(ref);
  }

  async overview(ref: string): Promise<NetworkOverview> {
    const shared = this.isHere(ref) ? undefined : await this.shared(ref);
    if (shared !== undefined) {
      const members = await this.readMembers(shared);
      return { network: shared, hasResolver: hasNames(shared), endpoints: [], members };
    }
    const details = this.inspect(ref);
    return { ...details, members: await this.membersOf(details.network) };
  }

  shared(name: string): Promise<SharedNetwork | undefined> {
    return this.changes.clusterNetworks.find(name);
  }

  names(ref?: string): readonly NetworkName[] {
    const { store } = this.parts;
    if (ref === undefined) return listedNames(store, this.list());
    return listedNames(store, [this.predefinedAs(ref) ?? store.networks.resolve(ref).network]);
  }

  async update(ref: string, change: NetworkChange): Promise<Network> {
    const { drivers, store } = this.parts;
    refusePredefined(drivers, ref);
    const { id, network } = store.networks.resolve(ref);
    this.changes.defaultNetwork.refuse(network.name);
    if (network.managedBy !== undefined) throw managed(network, network.managedBy);
    await this.changes.recovery.about(id);
    return this.changes.updates.update(id, change);
  }

  async remove(ref: string, options: RemovalOptions = {}): Promise<Network & Forgotten> {
    const { drivers, store } = this.parts;
    refusePredefined(drivers, ref);
    this.changes.defaultNetwork.refuse(ref);
    const { id, network } = store.networks.resolve(ref);
    this.changes.defaultNetwork.refuse(network.name);
    await this.changes.recovery.about(id);
    return store.networks.get(id) === undefined ? network : this.changes.lifecycle.remove(id, options);
  }

  async prune({
    only = () => true,
  }: {
    readonly only?: (network: Network) => boolean;
  } = {}): Promise<readonly Network[]> {
    const { store } = this.parts;
    const unused = store.networks
      .list()
      .filter(({ network, state }) => state === "ready" && network.managedBy === undefined && only(network))
      .filter(({ id }) => store.endpoints.ofNetwork(id).length === 0);
    const removed: Network[] = [];
    for (const { id } of unused) {
      try {
        removed.push(await this.remove(id));
      } catch (error) {
        // The default one, or another command has begun to use it since, or has removed it.
        if (TsdError.is(error, "conflict") || TsdError.is(error, "not-found")) continue;
        if (!TsdError.is(error, "plugin")) throw error;
        this.parts.warn(error.message);
      }
    }
    return removed;
  }

  async connect(target: string, attachment: NetworkAttachment): Promise<Endpoint | undefined> {
    await this.prepareFor(attachment.network);
    return this.changes.connections.connect(target, attachment);
  }

  async connectMany(
    targets: readonly string[],
    attachment: NetworkAttachment,
  ): Promise<readonly (Endpoint | undefined)[]> {
    refuseMode(this.parts.drivers, attachment.network);
    await this.prepareFor(attachment.network);
    return connectTogether(this.changes, targets, attachment);
  }

  async disconnect(target: string, network: string, options: RemovalOptions = {}): Promise<Forgotten> {
    await this.changes.defaultNetwork.prepareFor(network);
    return this.changes.connections.disconnect(target, network, options);
  }

  private isHere(ref: string): boolean {
    return this.predefinedAs(ref) !== undefined || networkIdOf(this.parts.store, ref) !== undefined;
  }

  private async readMembers(network: Pick<Network, "id" | "name" | "subnets">): Promise<readonly NetworkMember[]> {
    return await networkMembers({ cluster: await this.parts.cluster(), warn: this.parts.warn }, network);
  }

  private async membersOf(network: Network): Promise<readonly NetworkMember[]> {
    if (network.cluster === undefined) return [];
    try {
      return await this.readMembers(network);
    } catch (error) {
      if (!TsdError.is(error)) throw error;
      this.parts.warn(`what other hosts have on network "${network.name}" is not shown: ${error.message}`);
      return [];
    }
  }

  /** Networks that come with their first use. */
  private async prepareFor(ref: string): Promise<void> {
    await this.changes.defaultNetwork.prepareFor(ref);
    await this.changes.clusterNetworks.prepareFor(ref);
  }

  private predefinedAs(ref: string): Network | undefined {
    return this.predefined().find(({ name, id }) => name === ref || (ref.length >= shortest && id.startsWith(ref)));
  }

  /** Networks that exist by themselves, and of which nothing is kept. */
  private predefined(): readonly Network[] {
    return [...this.changes.defaultNetwork.expected(), ...predefined(this.parts.drivers)];
  }
}

/** Digits that an id is recognised by. */
const shortest = 4;

function managed({ name }: Network, program: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_NETWORK_MANAGED",
    message: `network "${name}" was made by ${program}, which knows nothing of changes that tsd makes`,
    hint: `Change it with ${program}.`,
    details: { network: name, program },
  });
}
