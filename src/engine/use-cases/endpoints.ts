import type { AttachSpec, Endpoint, EndpointDetails, Endpoints, Forgotten, RemovalOptions } from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { Proposals } from "../ipam/proposals.js";
import type { Teardown } from "../lifecycle/teardown.js";
import { planEndpoint } from "../plan/endpoint-plan.js";
import type { Proposed } from "../plan/proposed.js";
import { parsePort } from "../requests/port-spec.js";
import { ensureOnNetworks } from "../resources/network-revival.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { checkId, shortId } from "../rows/identifiers.js";
import { refuseBusy } from "../rows/refuse-busy.js";
import type { Adaptations } from "../updates/adaptations.js";

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
    private readonly before: {
      readonly adaptations: Pick<Adaptations, "follow">;
      readonly proposals: Pick<Proposals, "during">;
    },
  ) {}

  async attach(spec: AttachSpec): Promise<Endpoint> {
    const { store } = this.parts;
    const ports = (spec.publish ?? []).map(parsePort);
    if (spec.id !== undefined) checkId("endpoint", spec.id);
    const host = await this.parts.host();
    await this.before.adaptations.follow();
    const { netns, interface: ifname, publish: _publish, id, labels, ...asked } = spec;
    const attachment = ifname === undefined ? asked : { ...asked, options: { ...asked.options, ifname } };
    const plan = (proposed: Proposed): EndpointRow => {
      const { links, hasDefaultRoute } = host.namespace(netns);
      return store.unsyncedTransaction(() => {
        // Another command may have planned what the namespace does not show yet.
        const present = store.endpoints.ofNetns(netns);
        const isForeign = hasDefaultRoute && present.every(({ endpoint }) => endpoint.metric === undefined);
        const taken = [...links, ...present.map((other) => other.endpoint.interface)];
        const place = {
          ...(id === undefined ? {} : { id }),
          labels,
          netns,
          taken,
          present: isForeign ? undefined : present,
          ports,
        };
        return planEndpoint(this.parts, host, { attachment, proposed, ...place });
      });
    };
    const row = await this.before.proposals.during(plan);
    await undoOnFailure(
      () => ensureOnNetworks(this.parts, [row], row.resources),
      () => this.teardown.endpoint(row),
    );
    store.unsyncedTransaction(() => store.endpoints.update({ ...row, state: "ready" }));
    return row.endpoint;
  }

  async detach(ref: string, options: RemovalOptions = {}): Promise<Endpoint & Forgotten> {
    const { store, processes } = this.parts;
    const row = store.endpoints.resolve(ref);
    if (row.containerId !== undefined) {
      const name = store.containers.get(row.containerId)?.container.name ?? row.containerId;
      throw new TsdError({
        kind: "conflict",
        code: "TSD_ENDPOINT_OWNED",
        message: `endpoint ${shortId(row.id)} belongs to container "${name}"`,
        hint: `Stop the container: tsd stop ${name}`,
        details: { endpoint: row.id, container: row.containerId },
      });
    }
    refuseBusy(processes, row, { noun: "endpoint", name: shortId(row.id) });
    const { teardown, outcome } = this.teardown.forRequest(options);
    await teardown.endpoint(row);
    return { ...row.endpoint, ...outcome() };
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
