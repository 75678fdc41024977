import type {
  DriverCapabilities,
  Endpoint,
  Network,
  NetworkDriver,
  Publish,
  RawOptions,
  Resource,
  Route,
  Subnet,
  Sysctl,
} from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { canonicalOptions, readOptions } from "./bridge-options.js";

/** Containers on a switch of their own, behind the host's address. */
export class BridgeDriver implements NetworkDriver {
  readonly type = "bridge";
  readonly capabilities: DriverCapabilities = { needsIpam: true, publishes: true };

  parseOptions(raw: RawOptions): RawOptions {
    return canonicalOptions(raw);
  }

  network(network: Network): readonly Resource[] {
    const { mtu, masquerade } = readOptions(network.options);
    const bridge = bridgeName(network);
    const owner = network.id;
    return [
      { kind: "link", type: "bridge", name: bridge, mac: network.mac, ...(mtu === undefined ? {} : { mtu }) },
      ...network.subnets.map((subnet) => gatewayAddress(bridge, subnet)),
      forwarding(bridge),
      // Lets 127.0.0.1:port of the host be answered by a container: without it the kernel drops the reply as martian.
      { kind: "sysctl", key: `net/ipv4/conf/${bridge}/route_localnet`, value: "1" },
      ...network.uplinks.map((uplink) => forwarding(uplink.name, uplink.forwarding ? "1" : "0")),
      { kind: "isolate", owner, bridge },
      ...(masquerade
        ? network.subnets.map(({ cidr }) => ({ kind: "masquerade", owner, bridge, subnet: cidr }) as const)
        : []),
    ];
  }

  endpoint(network: Network, endpoint: Endpoint): readonly Resource[] {
    const { mtu } = readOptions(network.options);
    const bridge = bridgeName(network);
    const { netns, interface: link } = endpoint;
    return [
      {
        kind: "link",
        type: "veth",
        name: `veth${endpoint.id.slice(0, 11)}`,
        master: bridge,
        hairpin: true,
        ...(mtu === undefined ? {} : { mtu }),
        peer: { netns, name: link, mac: endpoint.mac },
      },
      ...endpoint.addresses.map((address) => ({ kind: "address", netns, link, address }) as const),
      ...(endpoint.gateway ? network.subnets.map(({ gateway }) => defaultRoute(netns, link, gateway)) : []),
      ...publications(bridge, endpoint),
    ];
  }
}

function bridgeName(network: Network): string {
  return readOptions(network.options).name ?? `br-${network.id.slice(0, 12)}`;
}

function gatewayAddress(link: string, { cidr, gateway }: Subnet): Resource {
  if (isIPv6(gateway)) {
    throw new TsdError({
      kind: "unsupported",
      code: "TSD_BRIDGE_IPV6",
      message: `the bridge driver has no IPv6 yet, and ${cidr} is an IPv6 subnet`,
      hint: "Give an IPv4 subnet with --subnet.",
      details: { cidr },
    });
  }
  return { kind: "address", link, address: `${gateway}/${cidr.split("/")[1]}` };
}

/** The kernel asks the interface a packet came in by whether it may be forwarded (ip-sysctl, `conf/INTERFACE`). */
function forwarding(link: string, restore?: string): Sysctl {
  const key = `net/ipv4/conf/${link}/forwarding`;
  return { kind: "sysctl", key, value: "1", ...(restore === undefined ? {} : { restore }) };
}

function defaultRoute(netns: string, link: string, gateway: string): Route {
  return { kind: "route", netns, destination: "0.0.0.0/0", gateway, link };
}

function publications(bridge: string, endpoint: Endpoint): readonly Publish[] {
  const containerAddresses = endpoint.addresses.map((address) => address.split("/")[0] ?? address);
  return endpoint.ports.flatMap((port) =>
    containerAddresses
      .filter((address) => port.hostAddress === undefined || isIPv6(port.hostAddress) === isIPv6(address))
      .map((containerAddress) => ({ kind: "publish", owner: endpoint.id, bridge, ...port, containerAddress })),
  );
}

/** Tells families of what is known to be an address; node:net's own test takes 5 ms to compile. */
function isIPv6(address: string): boolean {
  return address.includes(":");
}
