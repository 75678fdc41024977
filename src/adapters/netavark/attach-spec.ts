import { type AttachSpec, familyOf, type RawOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { containerLabels } from "./own-labels.js";
import type { NetworkOptions, PerNetwork, PodmanNetwork, PortMapping } from "./podman-types.js";

/** netavark's own. A lower one is preferred. */
const DEFAULT_METRIC = 100;

/** One attachment of podman's, but for the network that it is to. Throws `invalid-input` or `unsupported`. */
export function attachSpec(
  container: Pick<NetworkOptions, "container_id" | "container_name" | "port_mappings">,
  network: PodmanNetwork,
  wanted: PerNetwork,
): Omit<AttachSpec, "netns" | "network"> {
  const address = theOnly(network, wanted, 4);
  const address6 = theOnly(network, wanted, 6);
  const options = endpointOptions(wanted.options);
  // Nothing is published on the others by netavark either.
  const publishes = network.driver === "bridge" && !network.internal;
  return {
    interface: wanted.interface_name,
    ...(address === undefined ? {} : { address }),
    ...(address6 === undefined ? {} : { address6 }),
    ...(wanted.static_mac === undefined ? {} : { mac: wanted.static_mac }),
    ...(network.options.metric === undefined ? {} : { gatewayPriority: priorityOf(network.options.metric) }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    publish: publishes ? container.port_mappings.flatMap(publications) : [],
    labels: containerLabels(container.container_id, container.container_name),
    // Its conmon holds them.
    reservesPorts: true,
    loopback: true,
  };
}

/** As docker's `-p`, one for each protocol. */
function publications({ host_ip, host_port, container_port, range, protocol }: PortMapping): readonly string[] {
  const address = host_ip.includes(":") ? `[${host_ip}]` : host_ip;
  const host = address === "" ? "" : `${address}:`;
  const ports = (first: number): string => (range > 1 ? `${first}-${first + range - 1}` : `${first}`);
  const protocols = protocol === "" ? ["tcp"] : protocol.split(",");
  return protocols.map((one) => `${host}${ports(host_port)}:${ports(container_port)}/${one}`);
}

function theOnly(network: PodmanNetwork, { static_ips }: PerNetwork, family: 4 | 6): string | undefined {
  const [only, other] = static_ips.filter((address) => familyOf(address) === family);
  if (other === undefined && (only !== undefined || !hasFamily(network, family))) return only;
  throw new TsdError({
    kind: other === undefined ? "invalid-input" : "unsupported",
    code: "TSD_NETAVARK_ADDRESSES",
    message:
      other === undefined
        ? `podman gave no IPv${family} address for network "${network.name}"`
        : `podman gave two IPv${family} addresses for network "${network.name}": ${only} and ${other}`,
    hint: "Give the network one subnet of each family, and the container an address of each.",
    details: { network: network.name, addresses: static_ips },
  });
}

function hasFamily({ subnets }: PodmanNetwork, family: 4 | 6): boolean {
  return subnets.some(({ subnet }) => familyOf(subnet) === family);
}

function endpointOptions(options: RawOptions): RawOptions {
  const { host_interface_name, ...others } = options;
  return { ...others, ...(host_interface_name === undefined ? {} : { host_ifname: host_interface_name }) };
}

function priorityOf(metric: string): number {
  if (/^\d{1,10}$/.test(metric)) return DEFAULT_METRIC - Number(metric);
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NETAVARK_INPUT",
    message: `option metric=${metric} is not a number`,
    details: { value: metric },
  });
}
