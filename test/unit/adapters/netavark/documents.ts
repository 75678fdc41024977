/** A network of podman's, with what differs from one that is plain. */
export function network(name: string, subnet: number, changes: object = {}): object {
  return {
    ...{ name, id: `${subnet}`.padStart(64, "0"), driver: "bridge", network_interface: `podman${subnet}` },
    ...{ subnets: [{ subnet: `10.${subnet}.0.0/24`, gateway: `10.${subnet}.0.1` }] },
    ...{ internal: false, dns_enabled: false, ipv6_enabled: false },
    ...changes,
  };
}

/** What podman says of a container on networks, where its addresses end in `host`. */
export function container(
  id: string,
  host: number,
  networks: Readonly<Record<string, object>>,
  changes: object = {},
): object {
  const wanted = Object.values(networks).map((one, at) => {
    const { name, subnets = [] } = one as { name: string; subnets?: readonly { subnet: string }[] };
    const static_ips = subnets.map(({ subnet }) =>
      subnet.replace(/(0|:)\/\d+$/, (_, end) => `${end === ":" ? ":" : ""}${host}`),
    );
    return [name, { interface_name: `eth${at}`, static_ips }] as const;
  });
  return {
    ...{ container_id: id, container_name: `name-${id}`, networks: Object.fromEntries(wanted), network_info: networks },
    ...changes,
  };
}

export const mapping = { host_ip: "", container_port: 80, host_port: 8080, range: 1, protocol: "tcp" };
