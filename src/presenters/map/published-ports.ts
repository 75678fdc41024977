import { withoutPrefix } from "../../api/address-family.js";
import type { HostMap, MapAttachment, MapStack, PortBinding } from "../../api/index.js";
import { timeAgo } from "../human-duration.js";
import type { ListRow, ListView } from "../list-view.js";
import { hostPort } from "../port-list.js";
import { stackName } from "./map-words.js";

/** A published port of the host, or a range, on one address of it. */
export interface PublishedPort extends PortBinding {
  readonly hostAddress: string;
  /** Where it leads to, without prefix length; absent where the endpoint has no address of that family. */
  readonly address?: string;
  readonly owner: {
    readonly kind: "container" | "namespace";
    readonly id: string;
    readonly name: string;
  };
  readonly endpointId: string;
  readonly network: { readonly id: string; readonly name: string };
  /** RFC 3339; absent for a namespace that tsd did not make. */
  readonly since?: string;
  /** The owner keeps sockets of its own bound to it; see {@link AttachSpec.reservesPorts}. */
  readonly reserved: boolean;
  /** What differs on the host from what tsd made of it. */
  readonly drift: readonly ("missing" | "different" | "unchecked" | "unheard")[];
}

/** In the order of addresses, protocols and ports. */
export function publishedPorts(map: HostMap): readonly PublishedPort[] {
  const names = new Map(map.networks.map(({ id, name }) => [id, name]));
  return map.stacks
    .flatMap((stack) =>
      stack.attachments.flatMap((attachment) =>
        attachment.ports.flatMap((binding) => portsOf({ stack, attachment, binding, names })),
      ),
    )
    .sort(
      (a, b) => compare(a.hostAddress, b.hostAddress) || compare(a.protocol, b.protocol) || a.hostPort - b.hostPort,
    );
}

interface Source {
  readonly stack: MapStack;
  readonly attachment: MapAttachment;
  readonly binding: PortBinding;
  readonly names: ReadonlyMap<string, string>;
}

/** A binding without an address holds on every address of each family that the endpoint has. */
function portsOf({ stack, attachment, binding, names }: Source): readonly PublishedPort[] {
  const { networkId, endpointId = "", addresses, reservesPorts = false } = attachment;
  const own = addresses.map(withoutPrefix);
  const everywhere = [...new Set(own.map((address) => (isV6(address) ? "::" : "0.0.0.0")))];
  const [container] = stack.containers;
  return (binding.hostAddress === undefined ? everywhere : [binding.hostAddress]).map((hostAddress) => {
    const address = own.find((one) => isV6(one) === isV6(hostAddress));
    return {
      ...binding,
      hostAddress,
      ...(address === undefined ? {} : { address }),
      owner: { kind: container === undefined ? "namespace" : "container", id: stack.id, name: stackName(stack) },
      endpointId,
      network: { id: networkId, name: names.get(networkId) ?? networkId },
      ...(container?.startedAt === undefined ? {} : { since: container.startedAt }),
      reserved: reservesPorts,
      drift: driftOf(stack, { ...binding, hostAddress }, endpointId),
    };
  });
}

function driftOf({ drifts }: MapStack, port: PortBinding, endpointId: string): PublishedPort["drift"] {
  const found = drifts.flatMap((drift) => {
    if (drift.of.id !== endpointId) return [];
    if (drift.problem === "unheard") return drift.what.includes(String(port.hostPort)) ? [drift.problem] : [];
    const { resource } = drift;
    const isOwn =
      resource.kind === "publish" && resource.protocol === port.protocol && resource.hostPort === port.hostPort;
    return isOwn ? [drift.problem] : [];
  });
  return [...new Set(found)];
}

type PortField = "Host" | "Protocol" | "Target" | "Owner" | "OwnerID" | "Network" | "Since" | "Status";

export const publishedView: ListView<PortField> = {
  headings: {
    ...{ Host: "HOST", Protocol: "PROTOCOL", Target: "TARGET", Owner: "OWNER", OwnerID: "OWNER ID" },
    ...{ Network: "NETWORK", Since: "SINCE", Status: "STATUS" },
  },
  columns: ["Host", "Protocol", "Target", "Owner", "Network", "Since", "Status"],
  quiet: "Host",
};

export function publishedRow(port: PublishedPort, now: number): ListRow<PortField> {
  const { hostAddress, hostPort: first, containerPort, count, protocol, address, owner, network, since } = port;
  return {
    Host: hostPort(hostAddress, range(first, count)),
    Protocol: protocol,
    Target: address === undefined ? range(containerPort, count) : hostPort(address, range(containerPort, count)),
    Owner: owner.name,
    OwnerID: owner.id,
    Network: network.name,
    Since: since === undefined ? "-" : timeAgo(since, now),
    Status:
      [...port.drift.map((problem) => `drift: ${problem}`), ...(port.reserved ? ["reserved"] : [])].join(", ") || "ok",
  };
}

function range(first: number, count: number): string {
  return count === 1 ? String(first) : `${first}-${first + count - 1}`;
}

function isV6(address: string): boolean {
  return address.includes(":");
}

/** By code units, which is the same for every locale. */
function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
