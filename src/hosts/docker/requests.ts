import { familyOf, type PortBinding } from "../../api/index.js";
import type { DockerEndpoint, DockerNetwork, PoolData } from "./docker-resources.js";
import { dockersNames } from "./options.js";

/** IP protocol numbers, RFC 5237. */
const protocolNumbers = { tcp: 6, udp: 17, sctp: 132 } as const;
/** What dockerd says of its own pools. */
const ADDRESS_SPACE = "LocalDefault";

/** Bodies of requests, as dockerd writes them. */
export function createNetwork({ id, options, internal, pools }: DockerNetwork): object {
  const ofFamily = (family: 4 | 6): readonly PoolData[] => pools.filter(({ pool }) => familyOf(pool) === family);
  return {
    NetworkID: id,
    Options: {
      "com.docker.network.enable_ipv4": ofFamily(4).length > 0,
      "com.docker.network.enable_ipv6": ofFamily(6).length > 0,
      "com.docker.network.generic": options,
      ...(internal ? { "com.docker.network.internal": true } : {}),
    },
    IPv4Data: ofFamily(4).map(poolData),
    IPv6Data: ofFamily(6).map(poolData),
  };
}

function poolData({ pool, gateway, auxiliary }: PoolData): object {
  return {
    AddressSpace: ADDRESS_SPACE,
    Pool: pool,
    Gateway: gateway,
    ...(auxiliary === undefined ? {} : { AuxAddresses: auxiliary }),
  };
}

/** What `CreateEndpoint` says of the interface; what is empty there is the plug-in's to choose. */
export interface RequestedInterface {
  readonly Address: string;
  readonly AddressIPv6: string;
  readonly MacAddress: string;
}

export function requestedInterface({ addresses }: DockerEndpoint, mac = ""): RequestedInterface {
  const ofFamily = (family: 4 | 6): string => addresses.find((address) => familyOf(address) === family) ?? "";
  return { Address: ofFamily(4), AddressIPv6: ofFamily(6), MacAddress: mac };
}

export function createEndpoint(
  { network, id, options, mac }: DockerEndpoint,
  ports: readonly PortBinding[],
  requested: RequestedInterface,
): object {
  const own = mac === undefined ? {} : { "com.docker.network.endpoint.macaddress": mac };
  const Options = { ...dockersNames(options), ...own, ...portOptions(ports) };
  return { NetworkID: network, EndpointID: id, Interface: requested, Options };
}

export function join({ network, id, netns }: DockerEndpoint, ports: readonly PortBinding[]): object {
  return { NetworkID: network, EndpointID: id, SandboxKey: netns, Options: portOptions(ports) };
}

export function ofEndpoint({ network, id }: { readonly network: string; readonly id: string }): object {
  return { NetworkID: network, EndpointID: id };
}

/** Ranges as single ports. An address of the host's is empty for all of them. */
export function portOptions(ports: readonly PortBinding[]): object {
  if (ports.length === 0) return {};
  const single = ports.flatMap(({ protocol, hostAddress = "", hostPort, containerPort, count }) =>
    Array.from({ length: count }, (_, i) => ({
      Proto: protocolNumbers[protocol],
      IP: "",
      Port: containerPort + i,
      HostIP: hostAddress,
      HostPort: hostPort + i,
      HostPortEnd: hostPort + i,
    })),
  );
  return {
    "com.docker.network.endpoint.exposedports": single.map(({ Proto, Port }) => ({ Proto, Port })),
    "com.docker.network.portmap": single,
  };
}
