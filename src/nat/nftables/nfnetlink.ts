import { Attributes } from "../../kernel/netlink/attributes.js";
import type { NetlinkMessage } from "../../kernel/netlink/message.js";
import type { MessageBatch } from "../../kernel/netlink/message-batch.js";
import {
  NFGENMSG_LENGTH,
  NFNL_MSG_BATCH_BEGIN,
  NFNL_MSG_BATCH_END,
  NFNL_SUBSYS_NFTABLES,
  nftMessageType,
} from "../../kernel/netlink/protocol.js";
import type { TableFamily } from "./element-sets.js";

/** NFPROTO_INET and NFPROTO_BRIDGE of <linux/netfilter.h>. */
const protocolFamilies: Readonly<Record<TableFamily, number>> = { inet: 1, bridge: 7 };
/** The header of a message that brackets a transaction of nf_tables. */
const BATCH_NFGENMSG = Uint8Array.of(0, 0, 0, NFNL_SUBSYS_NFTABLES);
const NFNL_BATCH_GENID = 1;

/** `enum nf_tables_msg_types` of <linux/netfilter/nf_tables.h>. */
const NFT_MSG_DELRULE = 8;
const NFT_MSG_NEWGEN = 15;
const NFT_MSG_GETGEN = 16;
const NFTA_GEN_ID = 1;
const NFTA_RULE_TABLE = 1;
const NFTA_RULE_CHAIN = 2;

/** The header of a message, see {@link NFGENMSG_LENGTH}. */
export function nfgenmsg(family: TableFamily): Uint8Array {
  return Uint8Array.of(protocolFamilies[family], 0, 0, 0);
}

/**
 * Opens a transaction. With the number of a generation the kernel refuses it (ERESTART) if anything in nftables has
 * changed since, which makes what was read then still true now.
 */
export function beginTransaction(batch: MessageBatch, generation?: number): void {
  batch.begin(NFNL_MSG_BATCH_BEGIN, 0, BATCH_NFGENMSG);
  if (generation !== undefined) batch.u32be(NFNL_BATCH_GENID, generation);
}

export function endTransaction(batch: MessageBatch): void {
  batch.begin(NFNL_MSG_BATCH_END, 0, BATCH_NFGENMSG);
}

/** Deletes every rule of a chain: nothing where it is empty, ENOENT where it does not exist. */
export function flushChain(
  batch: MessageBatch,
  { family, table, chain }: { readonly family: TableFamily; readonly table: string; readonly chain: string },
): void {
  batch
    .begin(nftMessageType(NFT_MSG_DELRULE), 0, nfgenmsg(family))
    .string(NFTA_RULE_TABLE, table)
    .string(NFTA_RULE_CHAIN, chain);
}

/** Asks for the number of the current generation, which every change by anyone in this namespace raises. */
export function requestGeneration(batch: MessageBatch): void {
  batch.begin(nftMessageType(NFT_MSG_GETGEN), 0, nfgenmsg("inet"));
}

export function decodeGeneration(messages: readonly NetlinkMessage[]): number | undefined {
  const message = messages.find(({ type }) => type === nftMessageType(NFT_MSG_NEWGEN));
  return message && Attributes.decode(message.payload, NFGENMSG_LENGTH).u32be(NFTA_GEN_ID);
}
