import { familyOf } from "../api/address-family.js";
import type {
  AttachedEndpoint,
  ConfiguredNetwork,
  Container,
  ContainerDetails,
  ContainerSpec,
  NetworkAttachment,
} from "../api/index.js";
import { exposedPorts } from "./container-config.js";
import { portMap } from "./port-list.js";
import { shortId } from "./short-id.js";
import { goMap } from "./template/go-map.js";

/**
 * Docker's `NetworkSettings`, with its old top-level address fields filled from the first network, which scripts still
 * read. `IpNetns` is the one addition: the command that lets `ip netns` see the namespace.
 */
export function networkSettings(details: ContainerDetails): Readonly<Record<string, unknown>> {
  const { container, netns, endpoints, configured = [] } = details;
  const [first] = endpoints;
  return {
    ...older,
    SandboxID: container.sandbox?.id ?? "",
    SandboxKey: netns ?? "",
    IpNetns: netns === undefined ? "" : ipNetns(netns, container.name),
    Ports: goMap(ports(details)),
    ...address(first),
    Networks: goMap(
      Object.fromEntries([
        ...configured.map((requested) => [requested.network, configuredNetwork(requested, container)] as const),
        ...endpoints.map((attachment) => [attachment.network, network(attachment, container)] as const),
      ]),
    ),
  };
}

/** What docker had of a container's first bridge. */
const older = {
  ...{ Bridge: "", HairpinMode: false, LinkLocalIPv6Address: "", LinkLocalIPv6PrefixLen: 0 },
  ...{ SecondaryIPAddresses: null, SecondaryIPv6Addresses: null },
};

/** Published ports, and with nothing behind them those that are only exposed, while it runs. */
function ports(details: ContainerDetails): Readonly<Record<string, unknown>> {
  const published = portMap(details.endpoints.map(({ endpoint }) => endpoint));
  if (details.container.status !== "running") return published;
  const exposed = Object.keys(exposedPorts(details)).map((port) => [port, null] as const);
  return { ...Object.fromEntries(exposed), ...published };
}

/** ip-netns(8) knows the namespaces under /run/netns by their file names, and follows links there. */
function ipNetns(path: string, name: string): string {
  return `mkdir -p /run/netns && ln -sfn ${path} /run/netns/${name} && ip netns exec ${name} ip addr`;
}

function network(attachment: AttachedEndpoint, container: Container): Readonly<Record<string, unknown>> {
  const { endpoint } = attachment;
  const requested = requestFor(attachment, container.spec);
  return {
    IPAMConfig: ipamConfig(requested),
    Links: links(endpoint.links === undefined ? [] : container.spec.links, requested?.links),
    Aliases: endpoint.aliases ?? null,
    DriverOpts: requested?.options ?? null,
    GwPriority: endpoint.gatewayPriority ?? 0,
    NetworkID: endpoint.networkId,
    ...address(attachment),
    DNSNames: attachment.network === "bridge" ? null : names(container, endpoint.aliases),
  };
}

/** What is known of a network before the container is on it: what the user asked for. */
function configuredNetwork(requested: ConfiguredNetwork, container: Container): Readonly<Record<string, unknown>> {
  const { aliases, links: own, options, mac, gatewayPriority } = requested.attachment;
  return {
    IPAMConfig: ipamConfig(requested.attachment),
    Links: links(container.spec.links, own),
    Aliases: aliases ?? null,
    DriverOpts: options ?? null,
    GwPriority: gatewayPriority ?? 0,
    NetworkID: requested.networkId,
    ...address(undefined),
    MacAddress: mac ?? "",
    DNSNames: requested.network === "bridge" ? null : names(container, aliases),
  };
}

function links(ofAll: readonly string[] = [], ofOne: readonly string[] = []): readonly string[] | null {
  const all = [...ofAll, ...ofOne];
  return all.length === 0 ? null : all;
}

function ipamConfig({ address, address6 }: Partial<NetworkAttachment> = {}): unknown {
  return address === undefined && address6 === undefined
    ? null
    : { IPv4Address: address ?? "", IPv6Address: address6 ?? "" };
}

/** What the user asked for on that network, which may have been named by the beginning of its id. */
function requestFor(
  { network: name, endpoint }: AttachedEndpoint,
  { networks = [] }: ContainerSpec,
): NetworkAttachment | undefined {
  return (
    networks.find((requested) => requested.network === name) ??
    networks.find((requested) => endpoint.networkId.startsWith(requested.network))
  );
}

/** As docker lists them: name, aliases, short id. On the default network containers have no names for each other. */
function names({ name, id }: Container, aliases: readonly string[] = []): readonly string[] {
  return [...new Set([name, ...aliases, shortId(id)])];
}

function address(attachment: AttachedEndpoint | undefined): Readonly<Record<string, unknown>> {
  const addresses = attachment?.endpoint.addresses ?? [];
  const [v4 = "", prefix4 = "0"] = addresses.find((one) => familyOf(one) === 4)?.split("/") ?? [];
  const [v6 = "", prefix6 = "0"] = addresses.find((one) => familyOf(one) === 6)?.split("/") ?? [];
  return {
    EndpointID: attachment?.endpoint.id ?? "",
    MacAddress: attachment?.endpoint.mac ?? "",
    Gateway: attachment?.gateway ?? "",
    IPAddress: v4,
    IPPrefixLen: Number(prefix4),
    IPv6Gateway: attachment?.gateway6 ?? "",
    GlobalIPv6Address: v6,
    GlobalIPv6PrefixLen: Number(prefix6),
  };
}
