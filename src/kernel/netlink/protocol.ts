/** Families of netlink(7) that tsd speaks; values of <linux/netlink.h>. */
export const NETLINK_ROUTE = 0;
export const NETLINK_NETFILTER = 12;
export const NETLINK_GENERIC = 16;

/** Message flags of <linux/netlink.h>. */
export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_ECHO = 0x8;
export const NLM_F_DUMP_INTR = 0x10;
/** For requests that make something. */
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;
/** For requests that read: every object, as an answer of many messages (NLM_F_ROOT | NLM_F_MATCH). */
export const NLM_F_DUMP = 0x300;
/** Of acknowledgements: the request is not echoed in full; explaining attributes follow. */
export const NLM_F_CAPPED = 0x100;
export const NLM_F_ACK_TLVS = 0x200;

/** Message types below the first one of a family. */
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

/** `nlmsghdr`: length u32, type u16, flags u16, sequence u32, port u32. */
export const NLMSG_HEADER_LENGTH = 16;
/** `nlattr`: length u16, type u16. */
export const ATTRIBUTE_HEADER_LENGTH = 4;
/** Both messages and attributes start at multiples of four (NLMSG_ALIGNTO, NLA_ALIGNTO). */
export const align = (length: number): number => (length + 3) & ~3;

/** Upper bits of an attribute's type. */
export const NLA_F_NESTED = 0x8000;
export const NLA_TYPE_MASK = 0x3fff;

/** A message of nfnetlink's own that opens or closes a transaction; <linux/netfilter/nfnetlink.h>. */
export const NFNL_MSG_BATCH_BEGIN = 0x10;
export const NFNL_MSG_BATCH_END = 0x11;
/** The subsystem is the upper byte of a message's type. */
export const NFNL_SUBSYS_NFTABLES = 10;
export const nftMessageType = (message: number): number => (NFNL_SUBSYS_NFTABLES << 8) | message;
/** `struct nfgenmsg`, which every message of nfnetlink begins with: family u8, version u8, resource id, big-endian u16. */
export const NFGENMSG_LENGTH = 4;
