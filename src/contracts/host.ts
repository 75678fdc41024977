import type { ForwardDrop, ForwardedPacket, PortBinding, Uplink } from "../api/index.js";

/** How the kernel sends a packet. */
interface Way {
  /** True where the address is the namespace's own. */
  readonly local: boolean;
  readonly link: string;
  /** Absent for a neighbour on the link. */
  readonly gateway?: string;
  /** The address it is sent from unless the sender chooses one. */
  readonly source?: string;
}

/** A file of the host in the form of resolv.conf(5). */
export interface ResolverFile {
  readonly path: string;
  readonly text: string;
  /** Addresses, perhaps with a zone. */
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}

interface KernelFeature {
  /** After "this kernel has no": `overlay file system`. */
  readonly name: string;
  /** For modprobe(8); absent for what can only be built in. */
  readonly module?: string;
  /** `CONFIG_OVERLAY_FS`. */
  readonly config: string;
}

/** A program that writes the host's packet filter. */
interface FirewallManager {
  readonly name: "firewalld" | "ufw";
  /** It erases iptables' rules, whoever made them, when it starts, reloads or stops. */
  readonly erasesIptables: boolean;
  /** Interfaces and subnets that it treats by rules of their own, not as strangers; absent where it has no zones. */
  readonly zoned?: ReadonlySet<string>;
}

/** Facts about the machine's network, read from the kernel when an operation needs them. */
export interface Host {
  /** Links by which the host reaches other machines, without those of `own`. */
  uplinks(own?: ReadonlySet<string>): readonly Uplink[];
  /** Routes of the main table, as CIDRs, without those that lead to the Internet: the default route, and its halves and parts. */
  routes(): readonly { readonly cidr: string; readonly link: string }[];
  /** Addresses that are valid everywhere, with prefix lengths; those of a link in the kernel's order. */
  addresses(): readonly { readonly link: string; readonly address: string }[];
  /** How the kernel would send to that address now, from the namespace at that path or its own; undefined where it cannot. */
  routeTo(address: string, netns?: string): Way | undefined;
  /** /etc/resolv.conf, then what tells whom a resolver asks that answers the host alone. */
  resolverFiles(): readonly [ResolverFile, ...ResolverFile[]];
  hostname(): string;
  /** The host's /etc/hosts; empty where there is none. */
  hostsFile(): string;
  /** The least MTU in bytes of the links by which packets to the Internet leave; undefined without one. */
  egressMtu(): number | undefined;
  /**
   * Whether the host forwards IPv6 as a whole, where the kernel has no switch for each interface; undefined where it has
   * one (`force_forwarding`, Linux 6.17), or where it has no IPv6.
   */
  forwarding6(): boolean | undefined;
  /**
   * A link that must be a bridge, with its addresses and their prefix lengths. Throws `not-found` for no link of that name,
   * `conflict` for one of another kind.
   */
  bridge(name: string): { readonly addresses: readonly string[] };
  /** Chains of others that drop some of these packets, as far as their rules can be known. */
  forwardDrops(packets: readonly ForwardedPacket[]): Promise<readonly ForwardDrop[]>;
  /** Firewall managers that are in use, and which kinds of iptables have rules here. */
  firewalls(): Promise<{
    readonly managers: readonly FirewallManager[];
    readonly iptables: readonly ("legacy" | "nft")[];
  }>;
  /** A link by any of its names; undefined where there is none. `installation` is the root of the tsd whose mark it bears. */
  link(name: string): { readonly installation?: string } | undefined;
  /** MTU in bytes of a link by its name; undefined where there is none. */
  linkMtu(name: string): number | undefined;
  /** Whether a link has a queueing discipline for filters on what comes in (clsact or ingress, tc(8)). */
  filtersIngress(link: string): boolean;
  /** Throws `unsupported` naming the package of a program that is not installed. */
  requireProgram(name: string): Promise<void>;
  /** What the kernel lacks of links and file systems; asking changes nothing. */
  missingFeatures(): readonly KernelFeature[];
  /** A kernel parameter by its path below /proc/sys; undefined where it does not exist. */
  parameter(key: string): string | undefined;
  /**
   * What the kernel counts of `nf_conntrack`, `arp_cache` or `ndisc_cache`, by its names; undefined where it shows none. Those of
   * neighbours are the whole machine's, and shown to its first namespace alone.
   */
  tableStatistics(table: string): Readonly<Record<string, number>> | undefined;
  /** First and last port that the kernel hands out by itself, `net.ipv4.ip_local_port_range`. */
  portRange(): { readonly first: number; readonly last: number };
  /** True if a bind to the port succeeds, hence nothing listens there. */
  isPortFree(binding: Pick<PortBinding, "protocol" | "hostAddress" | "hostPort">): boolean;
  /** True if servers may listen at the address: it is the host's own, or the kernel is told to allow others. */
  canBind(protocol: PortBinding["protocol"], address: string): boolean;
  /**
   * The addresses, `0.0.0.0` and `::` among them, at which processes in the namespace at that path wait for callers of a
   * port; undefined for a protocol whose sockets the kernel does not list.
   */
  listeners(protocol: PortBinding["protocol"], port: number, netns: string): readonly string[] | undefined;
  /** Sockets of the host that wait for callers and are meant, and the process that has each, as far as that can be seen. */
  findListeners(isMeant: (listener: Listener) => boolean): readonly (Listener & {
    readonly process?: { readonly pid: number; readonly name: string };
  })[];
  /** What a namespace holds already. Throws `not-found` or `invalid-input` for a path that is no network namespace. */
  namespace(path: string): { readonly links: readonly string[]; readonly hasDefaultRoute: boolean };
}

/** Where somebody waits for callers; `0.0.0.0` and `::` are all addresses. */
export interface Listener {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

export type LoadHost = () => Promise<Host>;
