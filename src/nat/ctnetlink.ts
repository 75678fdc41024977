import { AF_INET, AF_INET6 } from "../kernel/socket-constants.js";

/** Numbers of the kernel's table of tracked flows: <linux/netfilter/nfnetlink.h>, <linux/netfilter/nfnetlink_conntrack.h>. */
const NFNL_SUBSYS_CTNETLINK = 1;
export const CT_NEW: number = NFNL_SUBSYS_CTNETLINK << 8;
export const CT_GET: number = (NFNL_SUBSYS_CTNETLINK << 8) | 1;
export const CT_DELETE: number = (NFNL_SUBSYS_CTNETLINK << 8) | 2;

export const CTA_TUPLE_ORIG = 1;
export const CTA_TUPLE_REPLY = 2;
export const CTA_STATUS = 3;
export const CTA_COUNTERS_ORIG = 9;
export const CTA_COUNTERS_REPLY = 10;
export const CTA_COUNTERS_BYTES = 2;
export const CTA_FILTER = 25;
export const CTA_STATUS_MASK = 26;
export const CTA_TUPLE_IP = 1;
export const CTA_TUPLE_PROTO = 2;
export const CTA_IP_V4_SRC = 1;
export const CTA_IP_V4_DST = 2;
export const CTA_IP_V6_SRC = 3;
export const CTA_IP_V6_DST = 4;
export const CTA_PROTO_NUM = 1;
export const CTA_PROTO_DST_PORT = 3;
export const CTA_FILTER_ORIG_FLAGS = 1;
export const CTA_FILTER_REPLY_FLAGS = 2;

/** Version of `nfgenmsg` from which a deletion considers the family. */
const HEEDS_FAMILY = 1;

/** The header of a request about flows of one family. */
export function flowHeader(family: 4 | 6): Uint8Array {
  return Uint8Array.of(family === 4 ? AF_INET : AF_INET6, HEEDS_FAMILY, 0, 0);
}
