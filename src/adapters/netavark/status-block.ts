import { type Endpoint, familyOf } from "../../api/index.js";
import type { PodmanNetwork, StatusBlock } from "./podman-types.js";

/** The domain that podman's names are in; netavark reports it too. */
const SEARCH_DOMAIN = "dns.podman";

interface Names {
  /** A nameserver listens on the network's gateways. */
  readonly served: boolean;
  /** What the user gave the container. */
  readonly servers?: readonly string[];
}

/** What podman learns of an attachment. */
export function statusBlock(network: PodmanNetwork, endpoint: Endpoint, { served, servers = [] }: Names): StatusBlock {
  const gatewayOf = (address: string): string | undefined =>
    network.subnets.find(({ subnet }) => familyOf(subnet) === familyOf(address))?.gateway;
  const subnets = endpoint.addresses.map((ipnet) => {
    const gateway = gatewayOf(ipnet);
    return gateway === undefined ? { ipnet } : { gateway, ipnet };
  });
  const named = served ? gatewaysOf(network) : [];
  return {
    dns_search_domains: served ? [SEARCH_DOMAIN] : [],
    dns_server_ips: network.dns_enabled ? named : servers,
    interfaces: { [endpoint.interface]: { mac_address: endpoint.mac, subnets } },
  };
}

export function gatewaysOf({ subnets }: PodmanNetwork): readonly string[] {
  return subnets.flatMap(({ gateway }) => gateway ?? []);
}
