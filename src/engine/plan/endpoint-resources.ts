import type { Endpoint, Link, Network, NetworkDriver, Resource } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** What must exist for an endpoint, as its driver says. Throws `unsupported` for one that its driver cannot hand over. */
export function endpointResources(driver: NetworkDriver, network: Network, endpoint: Endpoint): readonly Resource[] {
  const list = driver.endpoint(network, endpoint);
  return endpoint.handover === undefined
    ? list
    : handedOver(list, network, { ...endpoint, handover: endpoint.handover });
}

type HandedOver = Endpoint & Required<Pick<Endpoint, "handover">>;

/** The interface itself, in the host's namespace. What else is in the endpoint's namespace is its caller's. */
function handedOver(list: readonly Resource[], network: Network, endpoint: HandedOver): readonly Resource[] {
  const left = list.flatMap((resource) => outside(resource, endpoint));
  if (left.filter(isHandedOver).length !== 1) throw cannotHandOver(network, "makes none, or several");
  // The caller gives it these, with the routes that the kernel adds by itself.
  const other = list.find(
    (one) => one.kind === "address" && isInside(one, endpoint) && !endpoint.addresses.includes(one.address),
  );
  if (other === undefined) return left;
  throw cannotHandOver(network, "has routes of its own in containers");
}

function outside(resource: Resource, endpoint: HandedOver): readonly Resource[] {
  const { netns, handover: name } = endpoint;
  if (resource.kind === "link" && resource.type === "veth" && resource.peer.netns === netns) {
    const { netns: _netns, ...peer } = resource.peer;
    return [{ ...resource, peer: { ...peer, name, handedOver: true } }];
  }
  if (!isInside(resource, endpoint)) return [resource];
  if (resource.kind !== "link" || resource.type === "loopback") return [];
  const { netns: _netns, ...link } = resource;
  return [{ ...link, name, handedOver: true } as Link];
}

function isInside(resource: Resource, { netns }: Endpoint): boolean {
  return "netns" in resource && resource.netns === netns;
}

function isHandedOver(resource: Resource): boolean {
  if (resource.kind !== "link") return false;
  return resource.handedOver === true || (resource.type === "veth" && resource.peer.handedOver === true);
}

function cannotHandOver({ name, driver }: Network, why: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_HANDOVER",
    message: `no interface on network "${name}" can be handed over to another program: driver ${driver} ${why}`,
    hint: "Choose another driver, as bridge or macvlan.",
    details: { driver, network: name },
  });
}
