import { Attributes } from "../netlink/attributes.js";
import type { NetlinkMessage } from "../netlink/message.js";
import { MessageBatch } from "../netlink/message-batch.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_NETFILTER, NFGENMSG_LENGTH, nftMessageType } from "../netlink/protocol.js";

/** A chain of nf_tables that a hook of the kernel's leads to. */
export interface BaseChain {
  /** As nft(8) calls it: `inet`, `ip`, … */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Number of the hook within the family: `enum nf_inet_hooks` for those of IP. */
  readonly hook: number;
  /** What becomes of packets that no rule decides on. */
  readonly policy: "accept" | "drop";
}

/** `enum nf_tables_msg_types`, `nft_chain_attributes` and `nft_hook_attributes` of <linux/netfilter/nf_tables.h>. */
const NFT_MSG_NEWCHAIN = 3;
const NFT_MSG_GETCHAIN = 4;
const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_POLICY = 5;
const NFTA_HOOK_HOOKNUM = 1;
const NFT_MSG_NEWTABLE = 0;
const NFT_MSG_GETTABLE = 1;
const NFTA_TABLE_NAME = 1;
const NFTA_TABLE_FLAGS = 2;
/** <linux/netfilter.h> */
const NF_DROP = 0;
const NFPROTO_UNSPEC = 0;
const families: Readonly<Record<number, string>> = {
  1: "inet",
  2: "ip",
  3: "arp",
  5: "netdev",
  7: "bridge",
  10: "ip6",
};

/** NFPROTO_UNSPEC for a family that nft(8) does not know. */
export function numberOfFamily(name: string): number {
  return Number(Object.keys(families).find((number) => families[Number(number)] === name) ?? NFPROTO_UNSPEC);
}

/** What is true of a table as a whole. */
export interface TableState {
  readonly family: string;
  readonly name: string;
  /** Its chains are asked about nothing. */
  readonly isDormant: boolean;
  /** One process alone may change it, for as long as it lives. */
  readonly isOwned: boolean;
}

/** `enum nft_table_flags` */
const NFT_TABLE_F_DORMANT = 1;
const NFT_TABLE_F_OWNER = 2;

/** All of the caller's namespace. Throws `kernel` where there is no nf_tables. */
export function listTables(): readonly TableState[] {
  const batch = new MessageBatch();
  batch.begin(nftMessageType(NFT_MSG_GETTABLE), 0, Uint8Array.of(NFPROTO_UNSPEC, 0, 0, 0));
  using socket = new NetlinkSocket(NETLINK_NETFILTER);
  return socket.dump(batch, "tables of nftables").flatMap(({ type, payload }) => {
    const table = Attributes.decode(payload, NFGENMSG_LENGTH);
    const family = families[payload[0] ?? NFPROTO_UNSPEC];
    const name = table.string(NFTA_TABLE_NAME);
    if (type !== nftMessageType(NFT_MSG_NEWTABLE) || family === undefined || name === undefined) return [];
    const flags = table.u32be(NFTA_TABLE_FLAGS) ?? 0;
    return [
      { family, name, isDormant: (flags & NFT_TABLE_F_DORMANT) !== 0, isOwned: (flags & NFT_TABLE_F_OWNER) !== 0 },
    ];
  });
}

/** All of the caller's namespace, in some 0.1 ms where the nft program takes 20. Throws `kernel` where there is no nf_tables. */
export function listBaseChains(): readonly BaseChain[] {
  const batch = new MessageBatch();
  batch.begin(nftMessageType(NFT_MSG_GETCHAIN), 0, Uint8Array.of(NFPROTO_UNSPEC, 0, 0, 0));
  using socket = new NetlinkSocket(NETLINK_NETFILTER);
  return socket.dump(batch, "chains of nftables").flatMap((message) => decodeBaseChain(message) ?? []);
}

/** Undefined for what is no base chain. */
export function decodeBaseChain({ type, payload }: NetlinkMessage): BaseChain | undefined {
  const chain = Attributes.decode(payload, NFGENMSG_LENGTH);
  const family = families[payload[0] ?? NFPROTO_UNSPEC];
  const [table, name] = [chain.string(NFTA_CHAIN_TABLE), chain.string(NFTA_CHAIN_NAME)];
  const hook = chain.nested(NFTA_CHAIN_HOOK).u32be(NFTA_HOOK_HOOKNUM);
  if (type !== nftMessageType(NFT_MSG_NEWCHAIN) || hook === undefined) return undefined;
  if (family === undefined || table === undefined || name === undefined) return undefined;
  return { family, table, name, hook, policy: chain.u32be(NFTA_CHAIN_POLICY) === NF_DROP ? "drop" : "accept" };
}
