import type { ForwardDrop, ForwardedPacket } from "../../api/index.js";

/** A program that writes the host's packet filter. */
export interface FirewallManager {
  readonly name: "firewalld" | "ufw";
  /** It erases iptables' rules, tsd's among them, when it starts, reloads or stops. */
  readonly erasesIptables: boolean;
  /** Interfaces and subnets that it treats by rules of their own, not as strangers; absent where it has no zones. */
  readonly zoned?: ReadonlySet<string>;
}

export interface Firewalls {
  readonly managers: readonly FirewallManager[];
  /** Kinds of iptables that have rules. */
  readonly iptables: readonly ("legacy" | "nft")[];
}

/** Packet filters of others. */
export interface PacketFilters {
  /** Chains that drop some of these packets, as far as their rules can be known. */
  forwardDrops(packets: readonly ForwardedPacket[]): Promise<readonly ForwardDrop[]>;
  /** As {@link forwardDrops} for each group by itself, by one look at the chains. */
  forwardDropsOfEach(groups: readonly (readonly ForwardedPacket[])[]): Promise<readonly (readonly ForwardDrop[])[]>;
  /** As {@link forwardDrops}, of packets for the host itself, whose `to` is empty. */
  inputDrops(packets: readonly ForwardedPacket[]): Promise<readonly ForwardDrop[]>;
  /** Firewall managers that are in use, and which kinds of iptables have rules. */
  firewalls(): Promise<Firewalls>;
}
