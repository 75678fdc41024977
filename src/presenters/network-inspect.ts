import { familyOf } from "../api/address-family.js";
import type { NetworkDetails, NetworkMember, NetworkOverview } from "../api/index.js";
import { goMap } from "./template/go-map.js";

/**
 * A network as `docker network inspect` shows it (Engine API, `NetworkInspect`), with podman's words for its names. Other hosts are
 * `Peers`, as docker has them for networks of a swarm, and have their blocks and endpoints there.
 */
export function networkInspect({
  network,
  hasResolver,
  endpoints,
  members = [],
}: Omit<NetworkOverview, "members"> & Partial<NetworkOverview>): Readonly<Record<string, unknown>> {
  return {
    Name: network.name,
    Id: network.id,
    Created: network.created,
    Scope: network.cluster === undefined ? "local" : "global",
    Driver: network.driver,
    EnableIPv4: network.subnets.some(({ cidr }) => familyOf(cidr) === 4),
    EnableIPv6: network.subnets.some(({ cidr }) => familyOf(cidr) === 6),
    IPAM: {
      Driver: network.ipam?.driver ?? "default",
      Options: goMap(network.ipam?.options),
      Config: network.subnets.map(({ cidr, gateway, range, auxiliary }) => ({
        Subnet: cidr,
        ...(range === undefined ? {} : { IPRange: range }),
        Gateway: gateway,
        ...(auxiliary === undefined ? {} : { AuxiliaryAddresses: goMap(auxiliary) }),
      })),
    },
    Internal: network.internal ?? false,
    DNSEnabled: hasResolver,
    NetworkDNSServers: network.dns ?? [],
    Attachable: false,
    Ingress: false,
    ConfigFrom: { Network: "" },
    ConfigOnly: false,
    Containers: goMap(Object.fromEntries(endpoints.map(attachment))),
    ...(network.cluster === undefined ? {} : { Vni: network.cluster.vni, Peers: members.map(peer) }),
    Options: goMap(network.options),
    Labels: goMap(network.labels),
  };
}

function peer({ host, address, blocks, wireguard, endpoints }: NetworkMember): object {
  return {
    Name: host,
    IP: address,
    ...(wireguard === undefined ? {} : { PublicKey: wireguard.publicKey, Port: wireguard.port }),
    Blocks: blocks,
    Endpoints: endpoints.map(({ id, mac, addresses, names }) => ({
      ...{ EndpointID: id, MacAddress: mac, Addresses: addresses, Names: names },
    })),
  };
}

/** Docker's key for an endpoint without a container is its id behind `ep-`; its name is here the namespace's path. */
function attachment({ endpoint, container }: NetworkDetails["endpoints"][number]): [string, unknown] {
  return [
    container?.id ?? `ep-${endpoint.id}`,
    {
      Name: container?.name ?? endpoint.netns,
      EndpointID: endpoint.id,
      MacAddress: endpoint.mac,
      IPv4Address: endpoint.addresses.find((address) => familyOf(address) === 4) ?? "",
      IPv6Address: endpoint.addresses.find((address) => familyOf(address) === 6) ?? "",
    },
  ];
}
