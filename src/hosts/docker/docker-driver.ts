import {
  type Endpoint,
  familyOf,
  type Network,
  type NetworkDriver,
  type Resource,
  type Subnet,
  TsdError,
} from "../../api/index.js";
import type { DockerEndpoint, PoolData } from "./docker-resources.js";
import { pluginsOwn, readEndpointOptions, readNetworkOptions } from "./options.js";
import { findPlugin } from "./plugin-places.js";

/** Networks of docker's plug-in of that name: the plug-in decides how packets go, tsd makes the calls that dockerd makes. */
export function dockerDriver(plugin: string): NetworkDriver {
  return {
    type: `docker:${plugin}`,
    capabilities: { needsIpam: true, publishes: true, namespace: "own", singleton: false },
    parseOptions: readNetworkOptions,
    parseEndpointOptions: readEndpointOptions,
    observe() {
      if (findPlugin(plugin) === undefined) throw missingPlugin(plugin);
      return {};
    },
    network: (network) => [networkResource(plugin, network)],
    endpoint: (network, endpoint) => endpointResources(plugin, network, endpoint),
  };
}

function networkResource(plugin: string, { id, options, internal, subnets }: Network): Resource {
  const pools = subnets.map(poolData);
  return { kind: "docker-network", plugin, id, options: pluginsOwn(options), pools, ...(internal ? { internal } : {}) };
}

function poolData({ cidr, gateway, auxiliary }: Subnet): PoolData {
  const length = cidr.split("/")[1];
  const within = Object.entries(auxiliary ?? {}).map(([name, address]) => [name, `${address}/${length}`]);
  return {
    pool: cidr,
    gateway: `${gateway}/${length}`,
    ...(auxiliary === undefined ? {} : { auxiliary: Object.fromEntries(within) }),
  };
}

/** Depends on nothing that is learned of the endpoint once it exists: removal and changes use the list again. */
function endpointResources(plugin: string, network: Network, endpoint: Endpoint): readonly Resource[] {
  const { id, netns, ports, metric, requestedMac, options = {} } = endpoint;
  const families = network.subnets.map(({ cidr }) => familyOf(cidr));
  const { iface_prefix: prefix } = network.options;
  const { ifname } = options;
  const of = { plugin, network: network.id, id, netns };
  const made: DockerEndpoint = {
    kind: "docker-endpoint",
    ...of,
    addresses: endpoint.addresses.filter((address) => families.includes(familyOf(address))),
    options,
    ...(requestedMac === undefined ? {} : { mac: requestedMac }),
    ...(ifname === undefined ? {} : { interface: ifname }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(metric === undefined ? {} : { metric }),
    ...(network.internal ? { within: network.subnets.map(({ cidr }) => cidr) } : {}),
  };
  const isReachable = ports.length > 0 || metric !== undefined;
  return isReachable ? [made, { kind: "docker-connectivity", ...of, ports }] : [made];
}

function missingPlugin(plugin: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_DOCKER_PLUGIN_MISSING",
    message: `there is no docker plug-in "${plugin}": neither a socket ${plugin}.sock in /run/docker/plugins nor a file ${plugin}.spec or ${plugin}.json in /etc/docker/plugins or /usr/lib/docker/plugins`,
    hint: "Start the plug-in, which makes its socket.",
    details: { plugin },
  });
}
