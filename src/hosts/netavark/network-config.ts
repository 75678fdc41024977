import { familyOf, type Network, type Subnet } from "../../api/index.js";
import type { NetavarkNetwork } from "./resources.js";

/** The option that is a field of its own: podman's `--interface-name`. */
const INTERFACE = "network_interface";

/** A network as podman describes it to a plug-in's `create`. Names are the plug-in's own affair, so it has no DNS. */
export function networkConfig(network: Network, plugin: string): NetavarkNetwork["network"] {
  const { [INTERFACE]: link, ...options } = network.options;
  return {
    name: network.name,
    id: network.id,
    driver: plugin,
    ...(link === undefined ? {} : { network_interface: link }),
    created: network.created,
    subnets: network.subnets.map(subnetConfig),
    ipv6_enabled: network.subnets.some(({ cidr }) => familyOf(cidr) === 6),
    internal: network.internal ?? false,
    dns_enabled: false,
    labels: network.labels,
    options,
    ipam_options: { driver: "host-local" },
  };
}

/** tsd chooses addresses itself, so a plug-in needs no range of them. */
function subnetConfig({ cidr, gateway }: Subnet): object {
  return { subnet: cidr, gateway };
}
