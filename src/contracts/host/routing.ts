import type { Uplink } from "../../api/index.js";

/** A unicast route of the main table. */
interface HostRoute {
  readonly cidr: string;
  /** Name of the link, or words for a route over several. */
  readonly link: string;
}

/** An address of the host on one of its links. */
interface HostAddress {
  readonly link: string;
  /** With its prefix length. */
  readonly address: string;
}

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

/** Where the host sends packets, and what it forwards. */
export interface Routing {
  /** Links by which the host reaches other machines, without those of `own`. */
  uplinks(own?: ReadonlySet<string>): readonly Uplink[];
  /** {@link uplinks} and {@link egressMtu} by one look at the host. */
  waysOut(own?: ReadonlySet<string>): { readonly uplinks: readonly Uplink[]; readonly egressMtu?: number };
  /** Both families, without routes that lead to the Internet (the default route, its halves and parts) and link-local ones. */
  routes(): readonly HostRoute[];
  /** Addresses that are valid everywhere; those of a link in the kernel's order. */
  addresses(): readonly HostAddress[];
  /**
   * How the kernel would send to that address now, from the namespace at that path or the caller's; undefined where it
   * cannot. Throws `invalid-input` for what is no address.
   */
  routeTo(address: string, netns?: string): Way | undefined;
  /**
   * The least MTU in bytes of the links by which packets to the Internet leave, those of IPv4 if there are any; undefined
   * where there are none.
   */
  egressMtu(): number | undefined;
  /**
   * Whether the host forwards IPv6 as a whole, where the kernel has no switch for each interface; undefined where it has
   * one (`force_forwarding`, Linux 6.17), or where it has no IPv6.
   */
  forwarding6(): boolean | undefined;
}
