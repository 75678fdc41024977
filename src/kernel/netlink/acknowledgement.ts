import { constants } from "node:os";
import { Attributes } from "./attributes.js";
import type { NetlinkMessage } from "./message.js";
import { align, NLM_F_ACK_TLVS, NLM_F_CAPPED, NLMSG_HEADER_LENGTH } from "./protocol.js";

/** What the kernel says to a request. */
export interface Acknowledgement {
  /** Zero for success, else positive as in <errno.h>. */
  readonly errno: number;
  /** The kernel's explanation, as one sentence without a final stop. */
  readonly reason?: string;
}

/** `enum nlmsgerr_attrs` of <linux/netlink.h>. */
const NLMSGERR_ATTR_MSG = 1;
const NLMSGERR_ATTR_OFFS = 2;
const NLMSGERR_ATTR_MISS_TYPE = 5;

/** `struct nlmsgerr`: error i32, then the request's header, and the rest of the request unless it is capped. */
const ERROR_LENGTH = 4;

/** Reads an NLMSG_ERROR with its extended acknowledgement, if any. Garbage reads as EPROTO. */
export function decodeAcknowledgement({ flags, payload }: NetlinkMessage): Acknowledgement {
  if (payload.length < ERROR_LENGTH + NLMSG_HEADER_LENGTH) return { errno: constants.errno.EPROTO };
  const capped = (flags & NLM_F_CAPPED) !== 0;
  const request = capped ? NLMSG_HEADER_LENGTH : Math.min(payload.readUInt32LE(ERROR_LENGTH), payload.length);
  return decodeOutcome(flags, payload, ERROR_LENGTH + align(request));
}

/** Reads an NLMSG_DONE, which carries the outcome of a dump in place of a header. */
export function decodeDone({ flags, payload }: NetlinkMessage): Acknowledgement {
  return payload.length < ERROR_LENGTH ? { errno: 0 } : decodeOutcome(flags, payload, ERROR_LENGTH);
}

function decodeOutcome(flags: number, payload: Buffer, attributesAt: number): Acknowledgement {
  const outcome = payload.readInt32LE(0);
  if (outcome === 0) return { errno: 0 };
  const errno = outcome < 0 ? -outcome : constants.errno.EPROTO;
  const reason = (flags & NLM_F_ACK_TLVS) === 0 ? undefined : describe(Attributes.decode(payload, attributesAt));
  return reason === undefined ? { errno } : { errno, reason };
}

function describe(attributes: Attributes): string | undefined {
  const text = attributes.string(NLMSGERR_ATTR_MSG);
  const offset = attributes.u32(NLMSGERR_ATTR_OFFS);
  const missing = attributes.u32(NLMSGERR_ATTR_MISS_TYPE);
  const words = text?.replace(/[.\s]+$/, "") || undefined;
  if (words !== undefined) return offset === undefined ? words : `${words} at byte ${offset} of the request`;
  if (missing !== undefined) return `the request lacks attribute ${missing}`;
  return offset === undefined ? undefined : `the kernel rejects byte ${offset} of the request`;
}
