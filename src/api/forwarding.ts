import { familyOf } from "./address-family.js";

/** A foreign chain that the kernel evaluates for packets that it forwards. */
export interface ForwardChain {
  /** By which it is changed: iptables-legacy has tables that nf_tables does not know. */
  readonly tool: "nft" | "iptables-legacy";
  readonly family: "inet" | "ip" | "ip6" | "bridge";
  readonly table: string;
  readonly name: string;
}

export function isSameChain(a: ForwardChain, b: ForwardChain): boolean {
  return a.tool === b.tool && a.family === b.family && a.table === b.table && a.name === b.name;
}

/** Where a chain is, in the words of the tool that lists it. */
export function chainWords({ tool, family, table, name }: ForwardChain): string {
  const place = tool === "nft" ? `table ${family} ${table}` : `${family}tables-legacy table ${table}`;
  return `${place}, chain ${name}`;
}

/** What a chain is asked about: one packet on its way from one link of the host to another. */
export interface ForwardedPacket {
  readonly from: string;
  readonly to: string;
  /** It stays within a bridge, which both links are. */
  readonly bridged?: true;
  readonly family: 4 | 6;
  /** `untracked`: of no connection, whatever it is part of. */
  readonly state: "new" | "established" | "untracked";
  /** A published port leads its connection elsewhere. */
  readonly translated?: boolean;
  readonly protocol?: string;
  /** An address, or a CIDR for any of it. */
  readonly source?: string;
  readonly destination?: string;
  /** The destination port. */
  readonly port?: number;
}

/**
 * What passes between the subnets behind a bridge and `others`, links by which the host reaches other machines: the way out,
 * replies to it, calls of published ports, and the replies to these; then what stays within the bridge.
 */
export function customaryPackets(
  bridge: string,
  subnets: readonly string[],
  others: readonly string[],
): readonly ForwardedPacket[] {
  const found = others.filter((other) => other !== bridge);
  // There may be none yet, and no chain names one that is called so.
  const links = found.length === 0 ? ["?"] : found;
  return subnets.flatMap((subnet) => {
    const family = familyOf(subnet);
    const within = { from: bridge, to: bridge, bridged: true, family, source: subnet, destination: subnet } as const;
    const crossing = links.flatMap((other): readonly ForwardedPacket[] => {
      const outward = { from: bridge, to: other, family, source: subnet } as const;
      const inward = { from: other, to: bridge, family, destination: subnet } as const;
      return [
        { ...outward, state: "new", translated: false },
        { ...inward, state: "established", translated: false },
        { ...inward, state: "new", translated: true },
        { ...outward, state: "established", translated: true },
      ];
    });
    return [...crossing, { ...within, state: "new", translated: false }];
  });
}

/** A chain that drops some packet. */
export interface ForwardDrop {
  readonly chain: ForwardChain;
  /** The chain, whose it is and by what it drops: `table ip filter, chain FORWARD of ufw (policy drop)`. */
  readonly words: string;
  /** Those that it drops. */
  readonly packets: readonly ForwardedPacket[];
  /** Why tsd cannot add a rule to the chain, in words; absent where it can. */
  readonly closed?: string;
}
