/** What podman says to netavark and hears from it, as netavark's src/network/types.rs has it; names are the wire's. */

/** A network of podman's. */
export interface PodmanNetwork {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly driver: string;
  /** The bridge; of macvlan and ipvlan, the parent. */
  readonly network_interface?: string;
  readonly subnets: readonly PodmanSubnet[];
  readonly routes: number;
  readonly network_dns_servers: readonly string[];
  readonly internal: boolean;
  readonly dns_enabled: boolean;
  readonly ipv6_enabled: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly ipam_options: Readonly<Record<string, string>>;
}

export interface PodmanSubnet {
  /** A CIDR. */
  readonly subnet: string;
  readonly gateway?: string;
}

/** What a container asks of one network. Podman has chosen the addresses. */
export interface PerNetwork {
  readonly name: string;
  /** Inside the container. */
  readonly interface_name: string;
  readonly static_ips: readonly string[];
  readonly static_mac?: string;
  readonly aliases: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

export interface PortMapping {
  readonly host_ip: string;
  readonly host_port: number;
  readonly container_port: number;
  /** How many ports, from 1. */
  readonly range: number;
  /** `tcp`, or several by commas. */
  readonly protocol: string;
}

/** The document on standard input of `setup` and `teardown`. */
export interface NetworkOptions {
  readonly container_id: string;
  readonly container_name: string;
  readonly networks: readonly PerNetwork[];
  /** By name. */
  readonly network_info: ReadonlyMap<string, PodmanNetwork>;
  readonly port_mappings: readonly PortMapping[];
  readonly dns_servers?: readonly string[];
}

/** What podman learns of one attachment. */
export interface StatusBlock {
  readonly dns_search_domains: readonly string[];
  readonly dns_server_ips: readonly string[];
  readonly interfaces: Readonly<Record<string, NetInterface>>;
}

interface NetInterface {
  readonly mac_address: string;
  /** `ipnet` is the interface's own address with the subnet's prefix length. */
  readonly subnets: readonly { readonly gateway?: string; readonly ipnet: string }[];
}
