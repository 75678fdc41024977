import { addressesOf, type Endpoint, type PortBinding, type RawOptions } from "../../api/index.js";
import type { NetavarkEndpoint } from "./resources.js";

/** As many digits as users see of an id, by which podman's containers have a name as well. */
const SHORT_ID = 12;

/** What `setup` and `teardown` are called with, beside the network. A plug-in knows a container by the endpoint's id. */
export function setupCall(endpoint: Endpoint, options: RawOptions): NetavarkEndpoint["call"] {
  const { id, interface: link, mac, ports, aliases = [] } = endpoint;
  const name = id.slice(0, SHORT_ID);
  return {
    container_id: id,
    container_name: name,
    port_mappings: ports.map(portMapping),
    network_options: {
      interface_name: link,
      static_ips: addressesOf(endpoint),
      static_mac: mac,
      aliases: [name, ...aliases],
      options,
    },
  };
}

function portMapping({ protocol, hostAddress = "", hostPort, containerPort, count }: PortBinding): object {
  return { host_ip: hostAddress, host_port: hostPort, container_port: containerPort, range: count, protocol };
}
