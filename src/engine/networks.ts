import type { Network, NetworkDetails, NetworkRow, NetworkSpec, Networks, TakenRange } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { requireDriver } from "./drivers.js";
import { endpointUser } from "./endpoint-user.js";
import type { Host } from "./host.js";
import { checkName, newId, newMac } from "./identifiers.js";
import type { Parts } from "./parts.js";
import { refuseInMaking } from "./refuse-in-making.js";
import { joinShared } from "./shared-resources.js";
import type { Teardown } from "./teardown.js";
import { undoOnFailure } from "./undo-on-failure.js";

export class NetworkUseCases implements Networks {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "reconciler" | "ipam" | "drivers" | "host">,
    private readonly teardown: Teardown,
  ) {}

  async create(spec: NetworkSpec): Promise<Network> {
    const { store, reconciler } = this.parts;
    checkName("network", spec.name);
    const host = await this.parts.host();
    const row = store.transaction(() => this.insert(spec, host));
    await undoOnFailure(
      () => reconciler.ensure(row.resources),
      () => this.teardown.network(row),
    );
    store.transaction(() => store.networks.update({ ...row, state: "ready" }));
    return row.network;
  }

  list(): readonly Network[] {
    return this.parts.store.networks.list().map(({ network }) => network);
  }

  inspect(ref: string): NetworkDetails {
    const { store } = this.parts;
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
    const { store, processes } = this.parts;
    const row = store.transaction(() => {
      const found = store.networks.resolve(ref);
      refuseInMaking(processes, found, { noun: "network", name: found.network.name });
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
      .filter(({ id, state }) => state !== "creating" && store.endpoints.ofNetwork(id).length === 0);
    const removed: Network[] = [];
    for (const { id } of unused) removed.push(await this.remove(id));
    return removed;
  }

  private insert(spec: NetworkSpec, host: Host): NetworkRow {
    const { store, processes, ipam, drivers } = this.parts;
    this.refuseDuplicate(spec.name);
    const driver = requireDriver(drivers, spec.driver ?? "bridge");
    const options = driver.parseOptions(spec.options ?? {});
    const id = newId();
    const subnets = driver.capabilities.needsIpam
      ? [ipam.requestPool({ networkId: id, taken: this.taken(host), ...poolWishes(spec) })]
      : [];
    const network: Network = {
      id,
      name: spec.name,
      driver: driver.type,
      created: new Date().toISOString(),
      subnets,
      options,
      labels: spec.labels ?? {},
      mac: newMac(),
      uplinks: host.uplinks().filter(({ name }) => !this.ownLinks().has(name)),
    };
    const resources = joinShared(store, driver.network(network));
    const row: NetworkRow = { id, state: "creating", owner: processes.self(), resources, network };
    store.networks.insert(row);
    return row;
  }

  private taken(host: Host): readonly TakenRange[] {
    const own = this.ownLinks();
    const networks = this.list().flatMap(({ name, subnets }) =>
      subnets.map(({ cidr }): TakenRange => ({ cidr, owner: `network "${name}" (${cidr})`, by: "network" })),
    );
    const routes = host
      .routes()
      .filter(({ link }) => !own.has(link))
      .map(({ cidr, link }): TakenRange => ({ cidr, owner: `route ${cidr} dev ${link}`, by: "host" }));
    const nameservers = host.nameservers().map(
      (address): TakenRange => ({
        cidr: `${address}/${address.includes(":") ? 128 : 32}`,
        owner: `nameserver ${address}`,
        by: "host",
      }),
    );
    return [...networks, ...routes, ...nameservers];
  }

  /** Interfaces on the host that tsd made for networks. */
  private ownLinks(): ReadonlySet<string> {
    const links = this.parts.store.networks.list().flatMap(({ resources }) => resources);
    return new Set(links.flatMap((resource) => (resource.kind === "link" ? [resource.name] : [])));
  }

  private refuseDuplicate(name: string): void {
    const existing = this.list().find((network) => network.name === name);
    if (existing === undefined) return;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_NETWORK_EXISTS",
      message: `network "${name}" exists already, with id ${existing.id.slice(0, 12)}`,
      hint: `Choose another name, or remove it first: tsd network rm ${name}`,
      details: { name, id: existing.id },
    });
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

function poolWishes({
  subnet,
  gateway,
  range,
  allowOverlap,
}: NetworkSpec): Pick<NetworkSpec, "subnet" | "gateway" | "range" | "allowOverlap"> {
  return {
    ...(subnet === undefined ? {} : { subnet }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(range === undefined ? {} : { range }),
    ...(allowOverlap === undefined ? {} : { allowOverlap }),
  };
}
