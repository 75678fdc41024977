import type { ContainerDetails } from "../api/index.js";
import { portMap } from "./port-list.js";

type Attachment = ContainerDetails["endpoints"][number];

/**
 * Docker's `NetworkSettings`, with its old top-level address fields filled from the first network, which scripts still
 * read. `IpNetns` is the one addition: the command that lets `ip netns` see the namespace.
 */
export function networkSettings({ container, netns, endpoints }: ContainerDetails): Readonly<Record<string, unknown>> {
  const [first] = endpoints;
  return {
    SandboxID: netns === undefined ? "" : container.id,
    SandboxKey: netns ?? "",
    IpNetns: netns === undefined ? "" : ipNetns(netns, container.name),
    Ports: portMap(endpoints.map(({ endpoint }) => endpoint)),
    ...address(first),
    Networks: Object.fromEntries(endpoints.map((attachment) => [attachment.network, network(attachment)])),
  };
}

/** ip-netns(8) knows the namespaces under /run/netns by their file names, and follows links there. */
function ipNetns(path: string, name: string): string {
  return `mkdir -p /run/netns && ln -sfn ${path} /run/netns/${name} && ip netns exec ${name} ip addr`;
}

function network(attachment: Attachment): Readonly<Record<string, unknown>> {
  const { endpoint } = attachment;
  return {
    IPAMConfig: null,
    Links: null,
    Aliases: null,
    DriverOpts: null,
    GwPriority: 0,
    NetworkID: endpoint.networkId,
    ...address(attachment),
    DNSNames: null,
  };
}

function address(attachment: Attachment | undefined): Readonly<Record<string, unknown>> {
  const addresses = attachment?.endpoint.addresses ?? [];
  const [v4 = "", prefix4 = "0"] = addresses.find((one) => !one.includes(":"))?.split("/") ?? [];
  const [v6 = "", prefix6 = "0"] = addresses.find((one) => one.includes(":"))?.split("/") ?? [];
  const gateway = attachment?.gateway ?? "";
  return {
    EndpointID: attachment?.endpoint.id ?? "",
    MacAddress: attachment?.endpoint.mac ?? "",
    Gateway: gateway.includes(":") ? "" : gateway,
    IPAddress: v4,
    IPPrefixLen: Number(prefix4),
    IPv6Gateway: gateway.includes(":") ? gateway : "",
    GlobalIPv6Address: v6,
    GlobalIPv6PrefixLen: Number(prefix6),
  };
}
