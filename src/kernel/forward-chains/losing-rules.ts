import { TsdError } from "../../errors/tsd-error.js";
import { Attributes } from "../netlink/attributes.js";
import { MessageBatch } from "../netlink/message-batch.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_NETFILTER, NFGENMSG_LENGTH, nftMessageType } from "../netlink/protocol.js";
import { type BaseChain, numberOfFamily } from "./nftables-chains.js";

/** `enum nf_tables_msg_types` and attributes of <linux/netfilter/nf_tables.h>, <linux/netfilter/nf_tables_compat.h>. */
const NFT_MSG_GETRULE = 7;
const NFTA_RULE_TABLE = 1;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;
const NFTA_IMMEDIATE_DATA = 2;
const NFTA_DATA_VERDICT = 2;
const NFTA_VERDICT_CODE = 1;
const NFTA_LOOKUP_DREG = 3;
const NFTA_TARGET_NAME = 1;
/** <linux/netfilter.h> */
const NF_DROP = 0;

/**
 * Whether the chain may lose a packet: by its policy or by some rule of its table, whatever chain that is in. The kernel
 * lists rules in a fraction of a millisecond, and most tables have none that drops. So the programs that can name what
 * rules say, in some 20 ms, are run for the others only.
 */
export function mayLose({ family, table, policy }: BaseChain): boolean {
  if (policy === "drop") return true;
  const batch = new MessageBatch();
  batch
    .begin(nftMessageType(NFT_MSG_GETRULE), 0, Uint8Array.of(numberOfFamily(family), 0, 0, 0))
    .string(NFTA_RULE_TABLE, table);
  try {
    using socket = new NetlinkSocket(NETLINK_NETFILTER);
    return socket
      .dump(batch, "rules of nftables")
      .some(({ payload }) => loses(Attributes.decode(payload, NFGENMSG_LENGTH)));
  } catch (error) {
    if (TsdError.is(error, "kernel")) return true;
    throw error;
  }
}

function loses(rule: Attributes): boolean {
  return rule
    .nested(NFTA_RULE_EXPRESSIONS)
    .all()
    .some(([, bytes]) => {
      const expression = Attributes.decode(bytes);
      const data = expression.nested(NFTA_EXPR_DATA);
      switch (expression.string(NFTA_EXPR_NAME)) {
        case "immediate":
          return data.nested(NFTA_IMMEDIATE_DATA).nested(NFTA_DATA_VERDICT).u32be(NFTA_VERDICT_CODE) === NF_DROP;
        // What a map leads to is in its elements: a verdict map may drop.
        case "lookup":
          return data.u32be(NFTA_LOOKUP_DREG) !== undefined;
        case "target":
          return data.string(NFTA_TARGET_NAME) === "REJECT";
        case "reject":
          return true;
        default:
          return false;
      }
    });
}
