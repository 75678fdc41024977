import type {
  AttachSpec,
  Detached,
  Endpoint,
  EndpointDetails,
  Endpoints,
  Forgotten,
  RemovalOptions,
} from "../../api/index.js";
import type { EndpointRow, Host } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { Proposals } from "../ipam/proposals.js";
import type { ClusterNetworks } from "../lifecycle/cluster-networks.js";
import type { Recovery } from "../lifecycle/recovery.js";
import type { Teardown } from "../lifecycle/teardown.js";
import { planEndpoint } from "../plan/endpoint-plan.js";
import { freeInterface } from "../plan/interface-name.js";
import { isAskedFor } from "../plan/port-match.js";
import { planShares, sharesOf } from "../plan/port-shares.js";
import type { Proposed } from "../plan/proposed.js";
import { type AttachRequest, readAttachSpec } from "../requests/attach-request.js";
import { parsePort } from "../requests/port-spec.js";
import { interleave } from "../resources/interleave.js";
import { ensureOnNetworks } from "../resources/network-revival.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { checkId, shortId } from "../rows/identifiers.js";
import { refuseBusy } from "../rows/refuse-busy.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { EndpointUpdates } from "../updates/endpoint-updates.js";

/**
 * Namespaces that other programs made, on networks that tsd made. What an endpoint holds is the kernel's and gone with a
 * power cut, so its rows need not outlive one.
 */
export class EndpointUseCases implements Endpoints {
  constructor(
    private readonly parts: Pick<
      Parts,
      "store" | "processes" | "applier" | "addressBook" | "drivers" | "host" | "warn"
    >,
    private readonly teardown: Teardown,
    private readonly changes: {
      readonly adaptations: Pick<Adaptations, "follow">;
      readonly proposals: Pick<Proposals, "during">;
      readonly endpointUpdates: EndpointUpdates;
      readonly recovery: Pick<Recovery, "about">;
      readonly clusterNetworks: Pick<ClusterNetworks, "prepareForAll">;
    },
  ) {}

  async attach(spec: AttachSpec): Promise<Endpoint> {
    const [endpoint] = await this.attachMany([spec]);
    return endpoint as Endpoint;
  }

  async attachMany(specs: readonly AttachSpec[]): Promise<readonly Endpoint[]> {
    const { store } = this.parts;
    const requests = specs.map(readAttachSpec);
    const ids = requests.flatMap(({ id }) => id ?? []);
    for (const id of ids) checkId("endpoint", id);
    if (ids.length > 0) await this.changes.recovery.about(...ids);
    await this.changes.clusterNetworks.prepareForAll(requests.map(({ attachment }) => attachment));
    const host = await this.parts.host();
    await this.changes.adaptations.follow();
    const planned = await this.changes.proposals.during((proposed) => {
      const namespaces = new Map(requests.map(({ netns, isHandedOver }) => [netns, look(host, netns, isHandedOver)]));
      return store.unsyncedTransaction(() =>
        requests.map((request) => this.plan(host, request, { proposed, found: namespaces.get(request.netns) })),
      );
    });
    const rows = planned.map(({ row }) => row);
    const lists = planned.map(({ row, request: { loopback } }) => [...loopback, ...row.resources]);
    const made = await undoOnFailure(
      () => ensureOnNetworks(this.parts, rows, interleave(lists)),
      () => this.teardown.endpoints(...rows),
    );
    const shared = planned.filter(({ isAlone }) => !isAlone);
    if (shared.length === 0) return store.unsyncedTransaction(() => made.map((row) => this.accept(row)));
    await undoOnFailure(
      () => this.share(host, made, shared),
      () => this.end(current(store, made), this.teardown),
    );
    return current(store, made).map(({ endpoint }) => endpoint);
  }

  /** In the caller's transaction. What is in the namespace was `found` before it. */
  private plan(
    host: Host,
    request: AttachRequest,
    { proposed, found }: { readonly proposed: Proposed; readonly found: Surroundings | undefined },
  ): Planned {
    const { netns, ports, loopback: _loopback, isHandedOver: _isHandedOver, ...asked } = request;
    const { links, hasDefaultRoute } = found ?? nothing;
    // Another command may have planned what the namespace does not show yet.
    const present = this.parts.store.endpoints.ofNetns(netns);
    const isAlone = present.length === 0;
    const isForeign = hasDefaultRoute && present.every(({ endpoint }) => endpoint.metric === undefined);
    const taken = [...links, ...present.map((other) => other.endpoint.interface)];
    const place = { netns, taken, present: isForeign ? undefined : present, ports: isAlone ? ports : [] };
    return { row: planEndpoint(this.parts, host, { ...asked, proposed, ...place }), request, isAlone };
  }

  private accept(row: EndpointRow): Endpoint {
    this.parts.store.endpoints.markReady(row.id);
    return row.endpoint;
  }

  /**
   * The endpoints are ready, and ports of namespaces that had others before go over to those of them that publish them now.
   */
  private async share(host: Host, made: readonly EndpointRow[], shared: readonly Planned[]): Promise<void> {
    const { store } = this.parts;
    const own = new Set(made.map(({ id }) => id));
    const namespaces = new Set(shared.map(({ request }) => request.netns));
    const isMeant = ({ id, state }: EndpointRow): boolean => own.has(id) || state === "ready" || state === "changing";
    const list = (): readonly EndpointRow[] =>
      [...namespaces].flatMap((netns) => store.endpoints.ofNetns(netns).filter(isMeant));
    await this.changes.endpointUpdates.shares(list, (all) => {
      for (const row of made) this.accept(row);
      const shares = [...namespaces].flatMap((netns) => {
        const rows = all.filter(({ endpoint }) => endpoint.netns === netns);
        const published = rows.flatMap(({ endpoint }) => endpoint.ports);
        const requests = shared
          .flatMap(({ request }) => (request.netns === netns ? request.ports : []))
          .filter((request) => !published.some((port) => isAskedFor(port, request)));
        const added = [...planShares(this.parts, host, { rows, requests }).values()].flat();
        return [...sharesOf(this.parts, rows, [...published, ...added])];
      });
      return new Map(shares);
    });
  }

  async place(ref: string, netns: string): Promise<Endpoint> {
    const { store } = this.parts;
    const { id, endpoint } = this.resolveAttached(ref);
    if (endpoint.handover === undefined) throw notHandedOver(id);
    const { links } = look(await this.parts.host(), netns, true);
    await this.changes.endpointUpdates.endpoint(id, (row) => {
      if (row.endpoint.netns === netns) return undefined;
      const taken = [...links, ...store.endpoints.ofNetns(netns).map((other) => other.endpoint.interface)];
      const { network } = store.networks.resolve(row.endpoint.networkId);
      return { netns, interface: freeInterface(network, taken) };
    });
    return store.endpoints.resolve(id).endpoint;
  }

  async publish(ref: string, ports: readonly string[]): Promise<Endpoint> {
    const { store } = this.parts;
    const requests = ports.map(parsePort);
    const { id } = this.resolveAttached(ref);
    const host = await this.parts.host();
    await this.changes.endpointUpdates.shares(
      () => [store.endpoints.resolve(id)],
      (rows) => {
        const published = rows.flatMap(({ endpoint }) => endpoint.ports);
        const kept = published.filter((port) => requests.some((request) => isAskedFor(port, request)));
        const lacking = requests.filter((request) => !kept.some((port) => isAskedFor(port, request)));
        const added = [...planShares(this.parts, host, { rows, requests: lacking }).values()].flat();
        return sharesOf(this.parts, rows, [...kept, ...added]);
      },
    );
    return store.endpoints.resolve(id).endpoint;
  }

  async detach(ref: string, options: RemovalOptions = {}): Promise<Endpoint & Forgotten> {
    const { endpoints, ...outcome } = await this.detachMany([ref], options);
    return { ...(endpoints[0] as Endpoint), ...outcome };
  }

  async detachMany(refs: readonly string[], options: RemovalOptions = {}): Promise<Detached> {
    const resolved = new Map(refs.map((ref) => this.resolveAttached(ref)).map((row) => [row.id, row]));
    const rows = [...resolved.values()];
    const { teardown, outcome } = this.teardown.forRequest(options);
    await this.end(rows, teardown);
    return { endpoints: rows.map(({ endpoint }) => endpoint), ...outcome() };
  }

  /** Throws `conflict` for an endpoint of a container, and for one that another process works on. */
  private resolveAttached(ref: string): EndpointRow {
    const { store, processes } = this.parts;
    const row = store.endpoints.resolve(ref);
    if (row.containerId === undefined) {
      refuseBusy(processes, row, { noun: "endpoint", name: shortId(row.id) });
      return row;
    }
    const name = store.containers.get(row.containerId)?.container.name ?? row.containerId;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_ENDPOINT_OWNED",
      message: `endpoint ${shortId(row.id)} belongs to container "${name}"`,
      hint: `Stop the container: tsd stop ${name}`,
      details: { endpoint: row.id, container: row.containerId },
    });
  }

  /** Ports that the endpoints publish are handed on to others of their namespaces. */
  private async end(rows: readonly EndpointRow[], teardown: Teardown): Promise<void> {
    const { leaving, heirs } = this.beginEnd(rows);
    await teardown.endpoints(...leaving);
    await this.changes.endpointUpdates.complete(...heirs);
  }

  private beginEnd(rows: readonly EndpointRow[]): Ending {
    if (!rows.some(isPublishing)) return { leaving: rows, heirs: [] };
    const { store } = this.parts;
    return store.unsyncedTransaction(() => {
      const endings = [...Map.groupBy(rows, ({ endpoint }) => endpoint.netns)].map(([netns, leaving]) => {
        const isLeaving = ({ id }: EndpointRow): boolean => leaving.some((row) => row.id === id);
        const others = store.endpoints.ofNetns(netns).filter((row) => row.state === "ready" && !isLeaving(row));
        return others.length === 0 ? { leaving, heirs: [] } : this.handOn(leaving, others);
      });
      return { leaving: endings.flatMap(({ leaving }) => leaving), heirs: endings.flatMap(({ heirs }) => heirs) };
    });
  }

  /** In the caller's transaction. */
  private handOn(rows: readonly EndpointRow[], others: readonly EndpointRow[]): Ending {
    const { store, processes } = this.parts;
    const leaving = rows.map((row): EndpointRow => {
      if (!isPublishing(row) || store.endpoints.get(row.id)?.state !== "ready") return row;
      const deleting: EndpointRow = { ...row, state: "deleting", owner: processes.self() };
      store.endpoints.update(deleting);
      return deleting;
    });
    const publishers = [...leaving.filter(({ state }) => state === "deleting"), ...others];
    const published = publishers.flatMap(({ endpoint }) => endpoint.ports);
    const shares = sharesOf(this.parts, others, published);
    return { leaving, heirs: this.changes.endpointUpdates.beginShares(publishers, shares) };
  }

  inspect(ref: string): EndpointDetails {
    const { store } = this.parts;
    const { endpoint, resources } = store.endpoints.resolve(ref);
    return { endpoint, network: store.networks.resolve(endpoint.networkId).network, resources };
  }

  list(): readonly Endpoint[] {
    return this.parts.store.endpoints.list().map(({ endpoint }) => endpoint);
  }
}

type Surroundings = ReturnType<Host["namespace"]>;

const nothing: Surroundings = { links: [], hasDefaultRoute: false };

/** What is in a namespace, which may be yet to come if its program moves the interface there. */
function look(host: Host, netns: string, isHandedOver: boolean): Surroundings {
  try {
    return host.namespace(netns);
  } catch (error) {
    if (isHandedOver && TsdError.is(error, "not-found")) return nothing;
    throw error;
  }
}

/** An endpoint whose row is written, and whether it is the first of its namespace, so that it publishes its ports itself. */
interface Planned {
  readonly row: EndpointRow;
  readonly request: AttachRequest;
  readonly isAlone: boolean;
}

/** Endpoints that go, and those that get their ports. */
interface Ending {
  readonly leaving: readonly EndpointRow[];
  readonly heirs: readonly EndpointRow[];
}

function isPublishing({ state, endpoint }: EndpointRow): boolean {
  return state === "ready" && endpoint.ports.length > 0;
}

/** The rows as the store has them now. */
function current({ endpoints }: Parts["store"], rows: readonly EndpointRow[]): readonly EndpointRow[] {
  return rows.map((row) => endpoints.get(row.id) ?? row);
}

function notHandedOver(id: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_ENDPOINT_PLACED",
    message: `the interface of endpoint ${shortId(id)} is where tsd put it`,
    hint: "Detach it, and attach the other namespace.",
    details: { endpoint: id },
  });
}
