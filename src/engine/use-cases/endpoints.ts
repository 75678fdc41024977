import type {
  AttachSpec,
  Endpoint,
  EndpointDetails,
  Endpoints,
  Forgotten,
  RemovalOptions,
  Resource,
} from "../../api/index.js";
import type { EndpointRow, Host, PortRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { Proposals } from "../ipam/proposals.js";
import type { Recovery } from "../lifecycle/recovery.js";
import type { Teardown } from "../lifecycle/teardown.js";
import { type EndpointRequest, planEndpoint } from "../plan/endpoint-plan.js";
import { freeInterface } from "../plan/interface-name.js";
import { isAskedFor } from "../plan/port-match.js";
import { planShares, sharesOf } from "../plan/port-shares.js";
import type { Proposed } from "../plan/proposed.js";
import { parsePort } from "../requests/port-spec.js";
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
    },
  ) {}

  async attach(spec: AttachSpec): Promise<Endpoint> {
    const { store } = this.parts;
    const ports = (spec.publish ?? []).map(parsePort);
    if (spec.id !== undefined) {
      checkId("endpoint", spec.id);
      await this.changes.recovery.about(spec.id);
    }
    const host = await this.parts.host();
    await this.changes.adaptations.follow();
    const { netns } = spec;
    const plan = (proposed: Proposed): { readonly row: EndpointRow; readonly isAlone: boolean } => {
      const { links, hasDefaultRoute } =
        spec.handover === undefined ? host.namespace(netns) : namespaceOrNone(host, netns);
      return store.unsyncedTransaction(() => {
        // Another command may have planned what the namespace does not show yet.
        const present = store.endpoints.ofNetns(netns);
        const isAlone = present.length === 0;
        const isForeign = hasDefaultRoute && present.every(({ endpoint }) => endpoint.metric === undefined);
        const taken = [...links, ...present.map((other) => other.endpoint.interface)];
        const place = { netns, taken, present: isForeign ? undefined : present, ports: isAlone ? ports : [] };
        return { row: planEndpoint(this.parts, host, { ...splitSpec(spec), proposed, ...place }), isAlone };
      });
    };
    const { row: planned, isAlone } = await this.changes.proposals.during(plan);
    const loopback = spec.loopback ? [loopbackOf(netns)] : [];
    const [row = planned] = await undoOnFailure(
      () => ensureOnNetworks(this.parts, [planned], [...loopback, ...planned.resources]),
      () => this.teardown.endpoint(planned),
    );
    if (isAlone) return store.unsyncedTransaction(() => this.accept(row));
    await undoOnFailure(
      () => this.share(host, row, ports),
      () => this.end(store.endpoints.get(row.id) ?? row, this.teardown),
    );
    return store.endpoints.get(row.id)?.endpoint ?? row.endpoint;
  }

  private accept(row: EndpointRow): Endpoint {
    this.parts.store.endpoints.update({ ...row, state: "ready" });
    return row.endpoint;
  }

  /** The endpoint is ready, and ports of the namespace go over to it as far as it publishes them now. */
  private async share(host: Host, row: EndpointRow, ports: readonly PortRequest[]): Promise<void> {
    const { store } = this.parts;
    const list = (): readonly EndpointRow[] =>
      store.endpoints
        .ofNetns(row.endpoint.netns)
        .filter(({ id, state }) => id === row.id || state === "ready" || state === "changing");
    await this.changes.endpointUpdates.shares(list, (rows) => {
      this.accept(row);
      const published = rows.flatMap(({ endpoint }) => endpoint.ports);
      const requests = ports.filter((request) => !published.some((port) => isAskedFor(port, request)));
      const added = [...planShares(this.parts, host, { rows, requests }).values()].flat();
      return sharesOf(this.parts, rows, [...published, ...added]);
    });
  }

  async place(ref: string, netns: string): Promise<Endpoint> {
    const { store } = this.parts;
    const { id, endpoint } = this.resolveAttached(ref);
    if (endpoint.handover === undefined) throw notHandedOver(id);
    const { links } = namespaceOrNone(await this.parts.host(), netns);
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
    const row = this.resolveAttached(ref);
    const { teardown, outcome } = this.teardown.forRequest(options);
    await this.end(row, teardown);
    return { ...row.endpoint, ...outcome() };
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

  /** Ports that the endpoint publishes are handed on to others of its namespace. */
  private async end(row: EndpointRow, teardown: Teardown): Promise<void> {
    const { leaving, heirs } = this.beginEnd(row);
    await teardown.endpoint(leaving);
    await this.changes.endpointUpdates.complete(...heirs);
  }

  private beginEnd(row: EndpointRow): { readonly leaving: EndpointRow; readonly heirs: readonly EndpointRow[] } {
    const { store, processes } = this.parts;
    if (row.state !== "ready" || row.endpoint.ports.length === 0) return { leaving: row, heirs: [] };
    return store.transaction(() => {
      const others = store.endpoints
        .ofNetns(row.endpoint.netns)
        .filter(({ id, state }) => id !== row.id && state === "ready");
      if (others.length === 0 || store.endpoints.get(row.id)?.state !== "ready") return { leaving: row, heirs: [] };
      const leaving: EndpointRow = { ...row, state: "deleting", owner: processes.self() };
      store.endpoints.update(leaving);
      const published = [leaving, ...others].flatMap(({ endpoint }) => endpoint.ports);
      const shares = sharesOf(this.parts, others, published);
      return { leaving, heirs: this.changes.endpointUpdates.beginShares([leaving, ...others], shares) };
    });
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

/** What is in a namespace that may be yet to come. */
function namespaceOrNone(host: Host, netns: string): ReturnType<Host["namespace"]> {
  try {
    return host.namespace(netns);
  } catch (error) {
    if (TsdError.is(error, "not-found")) return { links: [], hasDefaultRoute: false };
    throw error;
  }
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

function loopbackOf(netns: string): Resource {
  return { kind: "link", type: "loopback", name: "lo", netns };
}

/** What it asks of the network, and what the caller says for itself. */
function splitSpec(spec: AttachSpec): Pick<EndpointRequest, "id" | "attachment" | "caller"> {
  const { netns: _netns, publish: _publish, loopback: _loopback, ...rest } = spec;
  const { id, interface: ifname, handover, labels, reservesPorts, ...asked } = rest;
  const attachment = ifname === undefined ? asked : { ...asked, options: { ...asked.options, ifname } };
  const caller = {
    ...(handover === undefined ? {} : { handover }),
    ...(labels === undefined ? {} : { labels }),
    ...(reservesPorts === undefined ? {} : { reservesPorts }),
  };
  return { ...(id === undefined ? {} : { id }), attachment, caller };
}
