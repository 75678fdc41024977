import {
  type Endpoint,
  type EndpointDetails,
  familyOf,
  type Network,
  type Tsd,
  withoutPrefix,
} from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { NETWORK_ID, networkSpec, ownLabels } from "./network-spec.js";
import { asksFor, portWords } from "./port-words.js";
import type { EndpointRef, EndpointRequest, NetworkRequest, PortMapping } from "./requests.js";

/** Of `CreateEndpoint`: what docker did not choose itself. */
export interface CreatedInterface {
  readonly Address?: string;
  readonly AddressIPv6?: string;
  readonly MacAddress?: string;
}

/** Of `Join`. */
export interface Joined {
  readonly InterfaceName: { readonly SrcName: string; readonly DstPrefix: string };
  readonly Gateway?: string;
  readonly GatewayIPv6?: string;
  readonly DisableGatewayService: boolean;
}

/**
 * The networks of tsd's that serve docker's. docker sends a call again when the plug-in ends before it replies, so each may
 * come twice. It is also the one that knows which networks and addresses are in use: what stands in the way of a call and
 * belongs to a network of docker's is left from a call of which docker has given up on the reply.
 */
export class DockerNetworks {
  constructor(private readonly tsd: Pick<Tsd, "networks" | "endpoints" | "system">) {}

  async create(request: NetworkRequest, driver: string): Promise<void> {
    if (this.find(request.id) !== undefined) {
      // The call before this one may have ended between the two.
      await this.tsd.system.fix();
      return;
    }
    const spec = networkSpec(request, driver);
    await this.orAfter(
      () => this.tsd.networks.create(spec),
      () => this.removeLeft(spec.subnets ?? []),
    );
  }

  /** With what is left on it. One that is gone already counts as removed. */
  async remove(id: string): Promise<void> {
    const network = this.find(id);
    if (network === undefined) return;
    for (const { endpoint } of this.tsd.networks.inspect(network.id).endpoints) {
      if (endpoint.labels?.[NETWORK_ID] === id) await this.detach(endpoint.id);
    }
    await unlessGone(() => this.tsd.networks.remove(network.id));
  }

  async createEndpoint(request: EndpointRequest): Promise<CreatedInterface> {
    const { endpointId, address, address6, mac, options } = request;
    const network = this.require(request.networkId);
    const attach = (): Promise<Endpoint> =>
      this.tsd.endpoints.attach({
        id: endpointId,
        network: network.id,
        // Until docker says which, with Join.
        netns: `docker endpoint ${endpointId.slice(0, 12)}`,
        handover: interfaceName(endpointId),
        ...(address === undefined ? {} : { address: withoutPrefix(address) }),
        ...(address6 === undefined ? {} : { address6: withoutPrefix(address6) }),
        ...(mac === undefined ? {} : { mac }),
        ...(Object.keys(options).length === 0 ? {} : { options }),
        labels: ownLabels(request.networkId),
      });
    if (this.details(request) === undefined) {
      await this.orAfter(attach, () => this.detachWithAddress(network, [address, address6]));
    }
    const made = this.requireDetails(request);
    const chosen = (family: 4 | 6): string | undefined =>
      made.endpoint.addresses.find((one) => familyOf(one) === family);
    const [own, own6, ownMac] = [chosen(4), chosen(6), drawnMac(made)];
    // docker refuses what it gave itself.
    return {
      ...(address !== undefined || own === undefined ? {} : { Address: own }),
      ...(address6 !== undefined || own6 === undefined ? {} : { AddressIPv6: own6 }),
      ...(mac !== undefined || ownMac === undefined ? {} : { MacAddress: ownMac }),
    };
  }

  /** One that is gone already counts as removed. */
  async removeEndpoint(ref: EndpointRef): Promise<void> {
    if (this.details(ref) !== undefined) await this.detach(ref.endpointId);
  }

  /** docker calls this before it makes the namespace. */
  async join(ref: EndpointRef, sandbox: string | undefined): Promise<Joined> {
    const { endpointId } = ref;
    const network = this.require(ref.networkId);
    const { addresses } = this.requireDetails(ref).endpoint;
    if (sandbox !== undefined) await this.tsd.endpoints.place(endpointId, sandbox);
    const gateways = network.internal ? [] : network.subnets.map(({ gateway }) => gateway);
    const gateway = (family: 4 | 6): string | undefined =>
      addresses.some((address) => familyOf(address) === family)
        ? gateways.find((one) => familyOf(one) === family)
        : undefined;
    const [gateway4, gateway6] = [gateway(4), gateway(6)];
    return {
      InterfaceName: {
        SrcName: interfaceName(endpointId),
        DstPrefix: network.options.iface_prefix ?? "eth",
      },
      ...(gateway4 === undefined ? {} : { Gateway: gateway4 }),
      ...(gateway6 === undefined ? {} : { GatewayIPv6: gateway6 }),
      // docker would add an interface on a bridge of its own, which leads out.
      DisableGatewayService: gateway4 === undefined,
    };
  }

  async publish(ref: EndpointRef, ports: readonly PortMapping[]): Promise<void> {
    const { id } = this.requireDetails(ref).endpoint;
    await this.orAfter(
      () => this.tsd.endpoints.publish(id, ports.map(portWords)),
      () => this.detachLost(ports),
    );
  }

  async unpublish(ref: EndpointRef): Promise<void> {
    if ((this.details(ref)?.endpoint.ports ?? []).length === 0) return;
    await unlessGone(() => this.tsd.endpoints.publish(ref.endpointId, []));
  }

  private find(id: string): Network | undefined {
    return this.tsd.networks.list().find(({ labels }) => labels[NETWORK_ID] === id);
  }

  private require(id: string): Network {
    const network = this.find(id);
    if (network !== undefined) return network;
    throw new TsdError({
      kind: "not-found",
      code: "TSD_DOCKER_NETWORK",
      message: `tsd has no network for docker's network ${id.slice(0, 12)}`,
      hint: "Remove it, and create it again.",
      details: { network: id },
    });
  }

  /** Undefined where docker has no such endpoint on that network, whatever else tsd has by that id. */
  private details({ networkId, endpointId }: EndpointRef): EndpointDetails | undefined {
    try {
      const details = this.tsd.endpoints.inspect(endpointId);
      const { id, labels, networkId: own } = details.endpoint;
      const isDockers = id === endpointId && labels?.[NETWORK_ID] === networkId && own === this.find(networkId)?.id;
      return isDockers ? details : undefined;
    } catch (error) {
      if (TsdError.is(error, "not-found")) return undefined;
      throw error;
    }
  }

  private requireDetails(ref: EndpointRef): EndpointDetails {
    const details = this.details(ref);
    if (details !== undefined) return details;
    const [endpoint, network] = [ref.endpointId.slice(0, 12), ref.networkId.slice(0, 12)];
    throw new TsdError({
      kind: "not-found",
      code: "TSD_DOCKER_ENDPOINT",
      message: `tsd has no endpoint ${endpoint} on docker's network ${network}`,
      hint: "Disconnect the container, and connect it again.",
      details: { endpoint: ref.endpointId, network: ref.networkId },
    });
  }

  private async detach(id: string): Promise<void> {
    await unlessGone(() => this.tsd.endpoints.detach(id));
  }

  /** Does `work`, and where something is in its way that `clear` can remove, once more. */
  private async orAfter<T>(work: () => Promise<T>, clear: () => Promise<boolean>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!TsdError.is(error, "conflict") || !(await clear())) throw error;
      return await work();
    }
  }

  /** Removes networks of docker's that have such a subnet, and that nothing is on. */
  private async removeLeft(subnets: readonly string[]): Promise<boolean> {
    const left = this.tsd.networks.list().filter(({ id, labels, subnets: own }) => {
      if (labels[NETWORK_ID] === undefined || !own.some(({ cidr }) => subnets.includes(cidr))) return false;
      return this.tsd.networks.inspect(id).endpoints.length === 0;
    });
    for (const { id } of left) await unlessGone(() => this.tsd.networks.remove(id));
    return left.length > 0;
  }

  /** docker gives an address of a network to one endpoint only. */
  private async detachWithAddress({ id }: Network, addresses: readonly (string | undefined)[]): Promise<boolean> {
    return this.detachAll(
      ({ endpoint }) => endpoint.networkId === id && endpoint.addresses.some((address) => addresses.includes(address)),
    );
  }

  /** Of endpoints that have one of these ports. The link of an endpoint goes with its namespace. */
  private async detachLost(ports: readonly PortMapping[]): Promise<boolean> {
    const missing = (await this.tsd.system.check()).flatMap((drift) =>
      drift.problem === "missing" && drift.resource.kind === "link" ? [drift.of.id] : [],
    );
    return this.detachAll(({ endpoint }) => {
      const isInTheWay = endpoint.ports.some((binding) => ports.some((mapping) => asksFor(mapping, binding)));
      return isInTheWay && missing.includes(endpoint.id);
    });
  }

  private async detachAll(isLeft: (details: Pick<EndpointDetails, "endpoint">) => boolean): Promise<boolean> {
    const left = this.tsd.endpoints
      .list()
      .filter((endpoint) => endpoint.labels?.[NETWORK_ID] !== undefined && isLeft({ endpoint }));
    for (const { id } of left) await this.detach(id);
    return left.length > 0;
  }
}

/** What the interface is called on the host until docker takes it. */
function interfaceName(endpointId: string): string {
  return `peer${endpointId.slice(0, 11)}`;
}

/** Undefined where the interface shares the address of a link of the host. */
function drawnMac({ resources }: EndpointDetails): string | undefined {
  return resources.flatMap((resource) => {
    if (resource.kind !== "link") return [];
    if (resource.handedOver) return resource.mac ?? [];
    return resource.type === "veth" && resource.peer.handedOver ? (resource.peer.mac ?? []) : [];
  })[0];
}

async function unlessGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!TsdError.is(error, "not-found")) throw error;
  }
}
