import type { MessageBatch } from "../netlink/message-batch.js";
import {
  NFNL_MSG_BATCH_BEGIN,
  NFNL_MSG_BATCH_END,
  NFNL_SUBSYS_NFTABLES,
  NLM_F_APPEND,
  NLM_F_CREATE,
  nftMessageType,
} from "../netlink/protocol.js";

export const TABLE = "tsd-names";
const CHAIN = "output";

/** `enum nf_tables_msg_types` of <linux/netfilter/nf_tables.h>. */
const NFT_MSG_NEWTABLE = 0;
const NFT_MSG_DELTABLE = 2;
const NFT_MSG_NEWCHAIN = 3;
const NFT_MSG_NEWRULE = 6;
export const NFT_MSG_GETRULE = 7;
/** Of tables, chains and rules alike, the name of the table comes first. */
export const NFTA_TABLE_NAME = 1;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_HOOK_HOOKNUM = 1;
const NFTA_HOOK_PRIORITY = 2;
const NFTA_CHAIN_TYPE = 7;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_LIST_ELEM = 1;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;
const NFTA_DATA_VALUE = 1;
const NF_INET_LOCAL_OUT = 3;
/** NF_IP_PRI_RAW of <linux/netfilter_ipv4.h>, -300: before connections are tracked. */
const PRIORITY = 0xfffffed4;

/** NFPROTO_IPV4, and what follows it in `struct nfgenmsg`. */
export const NFGENMSG = Uint8Array.of(2, 0, 0, 0);
const BATCH_NFGENMSG = Uint8Array.of(0, 0, 0, NFNL_SUBSYS_NFTABLES);

/** One expression of a rule, with its attributes. */
export type Expression = readonly [name: string, write: (batch: MessageBatch) => void];

/** One transaction that replaces the table by another with these rules. */
export function writeTable(batch: MessageBatch, rules: readonly (readonly Expression[])[]): void {
  batch.begin(NFNL_MSG_BATCH_BEGIN, 0, BATCH_NFGENMSG);
  // To delete is refused where there is none.
  for (const type of [NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE, NFT_MSG_NEWTABLE]) {
    batch
      .begin(nftMessageType(type), type === NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0, NFGENMSG)
      .string(NFTA_TABLE_NAME, TABLE);
  }
  batch
    .begin(nftMessageType(NFT_MSG_NEWCHAIN), NLM_F_CREATE, NFGENMSG)
    .string(NFTA_TABLE_NAME, TABLE)
    .string(NFTA_CHAIN_NAME, CHAIN)
    .string(NFTA_CHAIN_TYPE, "filter")
    .nested(
      NFTA_CHAIN_HOOK,
      () => batch.u32be(NFTA_HOOK_HOOKNUM, NF_INET_LOCAL_OUT).u32be(NFTA_HOOK_PRIORITY, PRIORITY),
      { flagged: true },
    );
  for (const rule of rules) writeRule(batch, rule);
  batch.begin(NFNL_MSG_BATCH_END, 0, BATCH_NFGENMSG);
}

function writeRule(batch: MessageBatch, expressions: readonly Expression[]): void {
  batch
    .begin(nftMessageType(NFT_MSG_NEWRULE), NLM_F_CREATE | NLM_F_APPEND, NFGENMSG)
    .string(NFTA_TABLE_NAME, TABLE)
    .string(NFTA_RULE_CHAIN, CHAIN)
    .nested(
      NFTA_RULE_EXPRESSIONS,
      () => {
        for (const expression of expressions) writeExpression(batch, expression);
      },
      { flagged: true },
    );
}

function writeExpression(batch: MessageBatch, [name, write]: Expression): void {
  const content = () =>
    batch.string(NFTA_EXPR_NAME, name).nested(NFTA_EXPR_DATA, () => write(batch), { flagged: true });
  batch.nested(NFTA_LIST_ELEM, content, { flagged: true });
}

/** A value of an expression. */
export function writeData(batch: MessageBatch, type: number, value: Uint8Array): void {
  batch.nested(type, () => batch.bytes(NFTA_DATA_VALUE, value), { flagged: true });
}
