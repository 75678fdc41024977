import type { ContainerRow, Endpoint, EndpointRow, NetworkAttachment, NetworkRow } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Adaptations } from "./adaptations.js";
import type { Alterations } from "./alterations.js";
import { networkIdOf, publishingEndpoint, sandboxOwner, withAttachment, withoutAttachment } from "./attachments.js";
import { notConnected, requireOwnNamespace } from "./connection-errors.js";
import { planEndpoint } from "./endpoint-plan.js";
import type { EndpointUseCases } from "./endpoints.js";
import { foreignNamespace } from "./foreign-namespace.js";
import { connectLater, disconnectLater } from "./later-connections.js";
import type { Neighbours } from "./neighbours.js";
import { ensureOnNetworks } from "./network-revival.js";
import { checkAttachment } from "./network-wishes.js";
import type { Parts } from "./parts.js";
import { isMode, placementOf } from "./placement.js";
import type { PortRequest } from "./port-spec.js";
import { requireNamespace } from "./require-namespace.js";
import { requestedPorts } from "./run-endpoints.js";
import { keeperOf, makerOf } from "./sandbox.js";
import type { Teardown } from "./teardown.js";
import { undoOnFailure } from "./undo-on-failure.js";

type ConnectionParts = Pick<Parts, "store" | "processes" | "reconciler" | "ipam" | "drivers" | "host" | "warn">;

/** Containers and namespaces that join networks and leave them while they live. */
export class Connections {
  constructor(
    private readonly parts: ConnectionParts,
    private readonly endpoints: Pick<EndpointUseCases, "attach" | "detach">,
    private readonly teardown: Teardown,
    private readonly changes: {
      readonly adaptations: Pick<Adaptations, "follow">;
      readonly alterations: Alterations;
      readonly neighbours: Neighbours;
    },
  ) {}

  /** See {@link Networks.connect}. */
  async connect(target: string, attachment: NetworkAttachment): Promise<Endpoint | undefined> {
    const { store, drivers } = this.parts;
    if (isMode(drivers, attachment.network)) throw notANetwork(attachment.network);
    const netns = foreignNamespace(target);
    if (netns !== undefined) return this.endpoints.attach({ ...attachment, netns });
    this.resolveNetwork({ verb: "connect", target, network: attachment.network });
    const row = store.containers.resolve(target);
    checkAttachment(this.parts, attachment);
    return connectLater(this.parts, row.id, attachment) ? undefined : this.connectNow(row.id, attachment);
  }

  /** See {@link Networks.disconnect}. */
  async disconnect(target: string, ref: string): Promise<void> {
    const { store } = this.parts;
    const network = this.resolveNetwork({ verb: "disconnect", target, network: ref });
    const netns = foreignNamespace(target);
    if (netns !== undefined) {
      const found = store.endpoints.ofNetns(netns).find(({ endpoint }) => endpoint.networkId === network.id);
      if (found === undefined) throw notConnected(target, network);
      await this.endpoints.detach(found.id);
      return;
    }
    const row = store.containers.resolve(target);
    if (!disconnectLater(this.parts, row.id, network)) await this.disconnectNow(row.id, network);
  }

  /** Throws `not-found`, with the right order where the two words are swapped. */
  private resolveNetwork(words: {
    readonly verb: string;
    readonly target: string;
    readonly network: string;
  }): NetworkRow {
    const { store } = this.parts;
    const { verb, target, network } = words;
    try {
      return store.networks.resolve(network);
    } catch (error) {
      const isSwapped =
        TsdError.is(error) && error.details.is === "container" && networkIdOf(store, target) !== undefined;
      if (!isSwapped) throw error;
      const hint = `Write the network first: tsd network ${verb} ${target} ${network}`;
      throw new TsdError({
        kind: error.kind,
        code: error.code,
        message: error.message,
        hint,
        details: error.details,
        cause: error,
      });
    }
  }

  private async connectNow(id: string, attachment: NetworkAttachment): Promise<Endpoint> {
    const { store } = this.parts;
    const host = await this.parts.host();
    await this.changes.adaptations.follow();
    const found = this.runningIn(id);
    requireNamespace(host, found.owner.container);
    const { links } = host.namespace(found.netns);
    const endpoint = store.transaction(() => {
      const { netns, owner } = this.runningIn(id);
      const present = store.endpoints.ofContainer(owner.id);
      const ports = publishingEndpoint(this.parts, present) === undefined ? this.wantedPorts(owner) : [];
      const taken = [...links, ...present.map((row) => row.endpoint.interface)];
      return planEndpoint(this.parts, host, { attachment, netns, taken, present, ports, container: owner });
    });
    await undoOnFailure(
      async () => {
        await ensureOnNetworks(this.parts, [endpoint], endpoint.resources);
        await this.changes.neighbours.tell([endpoint.endpoint.networkId], endpoint.containerId);
      },
      () => this.teardown.endpoint(endpoint),
    );
    store.transaction(() => this.settle(id, endpoint, attachment));
    return endpoint.endpoint;
  }

  /** Those of the container whose own network it is. */
  private wantedPorts(owner: ContainerRow): readonly PortRequest[] {
    const maker = makerOf(this.parts.store, owner);
    return maker === undefined ? [] : requestedPorts(this.parts.store, maker);
  }

  /** The endpoint is ready, and the container's next start is to make it again. */
  private settle(id: string, endpoint: EndpointRow, attachment: NetworkAttachment): void {
    const { store, drivers } = this.parts;
    const row = store.containers.get(id);
    const current = store.endpoints.get(endpoint.id);
    if (current?.state === "creating") store.endpoints.update({ ...current, state: "ready" });
    if (row === undefined || placementOf(drivers, row.container.spec).namespace !== "own") return;
    const spec = withAttachment(drivers, row.container.spec, attachment);
    store.containers.update({ ...row, container: { ...row.container, spec } });
  }

  /** Ports go over to the network that the default route leads to from now on. */
  private async disconnectNow(id: string, network: NetworkRow): Promise<void> {
    const { store, processes } = this.parts;
    const { leaving, heir } = store.transaction(() => {
      const { owner } = this.runningIn(id);
      const all = store.endpoints.ofContainer(owner.id);
      const found = all.find(({ endpoint }) => endpoint.networkId === network.id);
      if (found === undefined) throw notConnected(owner.container.name, network);
      if (found.state !== "ready") throw endpointBusy(found, network);
      const deleting: EndpointRow = { ...found, state: "deleting", owner: processes.self() };
      store.endpoints.update(deleting);
      const row = store.containers.resolve(id);
      if (placementOf(this.parts.drivers, row.container.spec).namespace === "own") {
        const spec = withoutAttachment(store, row.container.spec, network.id);
        store.containers.update({ ...row, container: { ...row.container, spec } });
      }
      return { leaving: deleting, heir: this.handPorts(deleting, all) };
    });
    await this.teardown.endpoint(leaving);
    if (heir !== undefined) await this.changes.alterations.complete(heir);
  }

  private handPorts({ id, endpoint }: EndpointRow, all: readonly EndpointRow[]): EndpointRow | undefined {
    const { store } = this.parts;
    const others = all.filter((row) => row.id !== id && row.state === "ready");
    const heir = publishingEndpoint(this.parts, others);
    if (heir === undefined || endpoint.ports.length === 0) return undefined;
    const hasIPv6 = heir.endpoint.addresses.map((address) => address.includes(":"));
    const ports = endpoint.ports.filter(
      ({ hostAddress }) => hostAddress === undefined || hasIPv6.includes(hostAddress.includes(":")),
    );
    store.endpoints.retainPorts(id, []);
    store.endpoints.claimPorts(heir.id, ports);
    return this.changes.alterations.begin(heir, { ports: [...heir.endpoint.ports, ...ports] });
  }

  /** The namespace of a container that runs, or whose network others keep alive, and the container that answers for it. */
  private runningIn(id: string): { readonly netns: string; readonly owner: ContainerRow } {
    const { store } = this.parts;
    const row = store.containers.resolve(id);
    requireOwnNamespace(this.parts, row);
    const { name, status } = row.container;
    const keeper = status === "running" ? sandboxOwner(store, row) : keeperOf(store, row);
    const netns = keeper?.container.sandbox?.netns;
    if (keeper !== undefined && netns !== undefined) return { netns, owner: keeper };
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CONTAINER_BUSY",
      message: `container "${name}" is ${status}`,
      hint: "Try again in a moment.",
      details: { container: id, status },
    });
  }
}

function notANetwork(mode: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_MODE_CONNECT",
    message: `"${mode}" is a mode of containers, to which nothing can be connected`,
    hint: "Name a network: tsd network ls",
    details: { network: mode },
  });
}

function endpointBusy({ id, state, owner }: EndpointRow, { network }: NetworkRow): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_ENDPOINT_BUSY",
    message: `the attachment to network "${network.name}" is ${state} by process ${owner.pid}`,
    hint: "Try again when that command has ended.",
    details: { endpoint: id, state, pid: owner.pid },
  });
}
