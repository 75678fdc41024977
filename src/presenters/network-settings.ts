import type { AttachedEndpoint, ContainerDetails, NetworkAttachment } from "../api/index.js";
import { portMap } from "./port-list.js";

/**
 * Docker's `NetworkSettings`, with its old top-level address fields filled from the first network, which scripts still
 * read. `IpNetns` is the one addition: the command that lets `ip netns` see the namespace.
 */
export function networkSettings({ container, netns, endpoints }: ContainerDetails): Readonly<Record<string, unknown>> {
  const [first] = endpoints;
  return {
    SandboxID: container.sandbox?.id ?? "",
    SandboxKey: netns ?? "",
    IpNetns: netns === undefined ? "" : ipNetns(netns, container.name),
    Ports: portMap(endpoints.map(({ endpoint }) => endpoint)),
    ...address(first),
    Networks: Object.fromEntries(
      endpoints.map((attachment) => [
        attachment.network,
        network(
          attachment,
          container.spec.networks?.find((wishes) => wishes.network === attachment.network),
        ),
      ]),
    ),
  };
}

/** ip-netns(8) knows the namespaces under /run/netns by their file names, and follows links there. */
function ipNetns(path: string, name: string): string {
  return `mkdir -p /run/netns && ln -sfn ${path} /run/netns/${name} && ip netns exec ${name} ip addr`;
}

function network(
  attachment: AttachedEndpoint,
  wishes: NetworkAttachment | undefined,
): Readonly<Record<string, unknown>> {
  const { endpoint } = attachment;
  const { address: ipv4 = "", address6: ipv6 = "", aliases, options } = wishes ?? {};
  return {
    IPAMConfig: ipv4 + ipv6 === "" ? null : { IPv4Address: ipv4, IPv6Address: ipv6 },
    Links: null,
    Aliases: aliases ?? null,
    DriverOpts: options ?? null,
    GwPriority: endpoint.gatewayPriority ?? 0,
    NetworkID: endpoint.networkId,
    ...address(attachment),
    DNSNames: endpoint.aliases ?? null,
  };
}

function address(attachment: AttachedEndpoint | undefined): Readonly<Record<string, unknown>> {
  const addresses = attachment?.endpoint.addresses ?? [];
  const [v4 = "", prefix4 = "0"] = addresses.find((one) => !one.includes(":"))?.split("/") ?? [];
  const [v6 = "", prefix6 = "0"] = addresses.find((one) => one.includes(":"))?.split("/") ?? [];
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
