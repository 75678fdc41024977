import type { Endpoint, Forgotten, NetworkAttachment, PortBinding, RemovalOptions } from "../../api/index.js";
import type { ContainerRow, EndpointRow, Host, NetworkRow, PortRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Notes } from "../cluster/notes.js";
import type { Parts } from "../contracts/parts.js";
import { requireNamespace } from "../host-facts/require-namespace.js";
import type { Proposals } from "../ipam/proposals.js";
import type { Recovery } from "../lifecycle/recovery.js";
import type { Teardown } from "../lifecycle/teardown.js";
import { sandboxOwner, withAttachment, withoutAttachment } from "../plan/attachments.js";
import { planEndpoint } from "../plan/endpoint-plan.js";
import { isAskedFor } from "../plan/port-match.js";
import { canPublish, planShares, sharesOf } from "../plan/port-shares.js";
import { requestedPorts } from "../plan/run-endpoints.js";
import { checkAttachment } from "../requests/check-networking.js";
import { parseLinksOn } from "../requests/container-requests.js";
import { foreignNamespace } from "../requests/foreign-namespace.js";
import { networkModeOf } from "../requests/network-mode.js";
import { ensureOnNetworks } from "../resources/network-revival.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { networkIdOf } from "../rows/network-id.js";
import { busy } from "../rows/refuse-busy.js";
import { hasRemovalFailed } from "../rows/removal-failed.js";
import { keeperOf, makerOf } from "../sandbox/sandbox.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { EndpointUpdates } from "../updates/endpoint-updates.js";
import type { Neighbours } from "../updates/neighbours.js";
import { notConnected, refuseMode, requireOwnNamespace } from "./connection-errors.js";
import type { EndpointUseCases } from "./endpoints.js";
import { connectLater, disconnectLater } from "./later-connections.js";

type ConnectionParts = Pick<Parts, "store" | "processes" | "applier" | "addressBook" | "drivers" | "host" | "warn">;

/** Containers and namespaces that join networks and leave them while they live. */
export class Connections {
  constructor(
    private readonly parts: ConnectionParts,
    private readonly endpoints: Pick<EndpointUseCases, "attach" | "detach">,
    private readonly teardown: Teardown,
    private readonly changes: {
      readonly adaptations: Pick<Adaptations, "follow">;
      readonly endpointUpdates: EndpointUpdates;
      readonly neighbours: Neighbours;
      readonly notes: Pick<Notes, "releaseAddresses" | "takeOver">;
      readonly proposals: Pick<Proposals, "during">;
      readonly recovery: Pick<Recovery, "about">;
    },
  ) {}

  /** See {@link Networks.connect}. */
  async connect(target: string, attachment: NetworkAttachment): Promise<Endpoint | undefined> {
    const { store, drivers } = this.parts;
    refuseMode(drivers, attachment.network);
    const netns = foreignNamespace(target);
    if (netns !== undefined) return this.endpoints.attach({ ...attachment, netns });
    const network = this.resolveNetwork({ verb: "connect", target, network: attachment.network });
    const row = store.containers.resolve(target);
    await this.changes.recovery.about(row.id, network.id);
    checkAttachment(this.parts, attachment);
    for (const { ref } of parseLinksOn(attachment)) store.containers.resolve(ref);
    return connectLater(this.parts, row.id, attachment) ? undefined : this.connectNow(row.id, attachment);
  }

  /** See {@link Networks.disconnect}. */
  async disconnect(target: string, ref: string, options: RemovalOptions): Promise<Forgotten> {
    const { store } = this.parts;
    const network = this.resolveNetwork({ verb: "disconnect", target, network: ref });
    const netns = foreignNamespace(target);
    if (netns !== undefined) {
      const found = store.endpoints.ofNetns(netns).find(({ endpoint }) => endpoint.networkId === network.id);
      if (found === undefined) throw notConnected(target, network);
      const { forgotten } = await this.endpoints.detach(found.id, options);
      return forgotten === undefined ? {} : { forgotten };
    }
    const row = store.containers.resolve(target);
    await this.changes.recovery.about(row.id, network.id);
    const { notes } = this.changes;
    if (!disconnectLater({ ...this.parts, notes }, row.id, network))
      return this.disconnectNow(row.id, network, options);
    await notes.releaseAddresses();
    return {};
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
    const planned = await this.changes.proposals.during((proposed) => {
      const { links } = host.namespace(found.netns);
      return store.transaction(() => {
        this.note(id, attachment);
        const { netns, owner } = this.runningIn(id);
        const present = store.endpoints.ofContainer(owner.id);
        const taken = [...links, ...present.map(({ endpoint }) => endpoint.interface)];
        const place = { netns, taken, present, ports: [], container: owner };
        return planEndpoint(this.parts, host, { attachment, proposed, ...place });
      });
    });
    const [row = planned] = await undoOnFailure(
      async () => {
        const made = await ensureOnNetworks(this.parts, [planned], planned.resources);
        await this.changes.neighbours.tell([planned.endpoint.networkId], planned.containerId);
        return made;
      },
      () => this.teardown.endpoints(planned),
    );
    await undoOnFailure(
      () => this.settle(host, row),
      () => this.disconnectNow(id, store.networks.resolve(row.endpoint.networkId)),
    );
    return store.endpoints.get(row.id)?.endpoint ?? row.endpoint;
  }

  /** The container's next start is to make the endpoint again, and its links there count from now on. */
  private note(id: string, attachment: NetworkAttachment): void {
    const { store, drivers } = this.parts;
    const row = store.containers.resolve(id);
    if (networkModeOf(drivers, row.container.spec).namespace === "own")
      store.containers.update(withAttachment(drivers, row, attachment));
  }

  /** The endpoint is ready, and ports go over to it that it publishes now. */
  private async settle(host: Host, row: EndpointRow): Promise<void> {
    const { store } = this.parts;
    const list = (): readonly EndpointRow[] =>
      store.endpoints
        .ofContainer(row.containerId ?? "")
        .filter(({ id: other, state }) => other === row.id || state === "ready" || state === "changing");
    const isAlive = await this.changes.endpointUpdates.shares(list, (rows) => {
      this.accept(row);
      const published = rows.flatMap(({ endpoint }) => endpoint.ports);
      const requests = this.unpublished(row, rows, published);
      const added = [...planShares(this.parts, host, { rows, requests }).values()].flat();
      return sharesOf(this.parts, rows, [...published, ...added]);
    });
    if (!isAlive) store.transaction(() => this.accept(row));
  }

  private accept({ id }: EndpointRow): void {
    const { store } = this.parts;
    const current = store.endpoints.get(id);
    if (current?.state === "creating") store.endpoints.update({ ...current, state: "ready" });
  }

  /** What the container whose own network it is asks for, and had no network for of the family. */
  private unpublished(
    { containerId }: EndpointRow,
    rows: readonly EndpointRow[],
    published: readonly PortBinding[],
  ): readonly PortRequest[] {
    const { store } = this.parts;
    const owner = store.containers.get(containerId ?? "");
    const maker = owner === undefined ? undefined : makerOf(store, owner);
    const requests = maker === undefined ? [] : requestedPorts(store, maker);
    return requests.filter(
      (request) =>
        !published.some((port) => isAskedFor(port, request)) && canPublish(this.parts, rows, request.hostAddress),
    );
  }

  /** Ports go over to the networks that the default routes lead to from now on. */
  private async disconnectNow(id: string, network: NetworkRow, options: RemovalOptions = {}): Promise<Forgotten> {
    const { store, processes } = this.parts;
    const { leaving, heirs } = store.transaction(() => {
      const { owner } = this.runningIn(id);
      const all = store.endpoints.ofContainer(owner.id);
      const found = all.find(({ endpoint }) => endpoint.networkId === network.id);
      if (found === undefined) throw notConnected(owner.container.name, network);
      if (found.state !== "ready" && !hasRemovalFailed(processes, found)) throw busyAttachment(found, network);
      const deleting: EndpointRow = { ...found, state: "deleting", owner: processes.self() };
      store.endpoints.update(deleting);
      const row = store.containers.resolve(id);
      if (networkModeOf(this.parts.drivers, row.container.spec).namespace === "own")
        store.containers.update(withoutAttachment(store, row, network.id));
      const others = all.filter((other) => other.id !== found.id && other.state === "ready");
      const published = [deleting, ...others].flatMap(({ endpoint }) => endpoint.ports);
      const shares = sharesOf(this.parts, others, published);
      return { leaving: deleting, heirs: this.changes.endpointUpdates.beginShares([deleting, ...others], shares) };
    });
    const { teardown, outcome } = this.teardown.forRequest(options);
    await teardown.endpoints(leaving);
    await this.changes.endpointUpdates.complete(...heirs);
    return outcome();
  }

  /**
   * The namespace of a container that runs, or whose network others keep alive, and the container that is responsible for
   * it.
   */
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

function busyAttachment(row: EndpointRow, { network }: NetworkRow): TsdError {
  return busy(row, { noun: "endpoint", called: `the attachment to network "${network.name}"` });
}
