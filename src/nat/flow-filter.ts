import type { MessageBatch } from "../kernel/netlink/message-batch.js";
import { addressBytes } from "./address-bytes.js";
import {
  CT_DELETE,
  CT_GET,
  CTA_FILTER,
  CTA_FILTER_ORIG_FLAGS,
  CTA_FILTER_REPLY_FLAGS,
  CTA_IP_V4_DST,
  CTA_IP_V4_SRC,
  CTA_IP_V6_DST,
  CTA_IP_V6_SRC,
  CTA_PROTO_DST_PORT,
  CTA_PROTO_NUM,
  CTA_STATUS,
  CTA_STATUS_MASK,
  CTA_TUPLE_IP,
  CTA_TUPLE_ORIG,
  CTA_TUPLE_PROTO,
  CTA_TUPLE_REPLY,
  flowHeader,
} from "./ctnetlink.js";

/** Which tracked flows are meant; what is left out does not matter. */
export interface FlowFilter {
  readonly family: 4 | 6;
  /** Number of the transport protocol. */
  readonly protocol: number;
  /** Where the first packet was going, before translation. */
  readonly destination?: { readonly address?: string; readonly port?: number };
  /** The server, after translation. */
  readonly responder?: string;
  /** Bits of the flow's status that must be set or clear. Kernels before 5.19 do not look at them. */
  readonly status: { readonly mask: number; readonly value: number };
}

/** `enum ip_conntrack_status` of <linux/netfilter/nf_conntrack_common.h>: which end was translated. */
export const IPS_SRC_NAT = 1 << 4;
export const IPS_DST_NAT = 1 << 5;

/** Which parts of a tuple to compare: CTA_FILTER_F_… of the kernel's nf_internals.h, since Linux 5.8. */
const COMPARE_IP_SRC = 1 << 0;
const COMPARE_IP_DST = 1 << 1;
const COMPARE_PROTO_NUM = 1 << 3;
const COMPARE_PROTO_DST_PORT = 1 << 5;

const NESTED = { flagged: true };

/**
 * Whether the kernel can tell which flows are meant. It compares IPv6 addresses the wrong way round (seen on Linux 6.18):
 * a filter lets through every flow but those with that address.
 */
export function isForKernel({ family, destination, responder }: FlowFilter): boolean {
  return family === 4 || (destination?.address === undefined && responder === undefined);
}

/** A request to forget every flow that `filter` lets through, which must be one for the kernel. */
export function writeFlowDeletion(batch: MessageBatch, filter: FlowFilter): void {
  writeFiltered(batch, CT_DELETE, filter);
}

/** A request to list the flows that `filter` lets through, and others too: addresses are left for the reader to compare. */
export function writeFlowDump(batch: MessageBatch, { family, protocol, destination, status }: FlowFilter): void {
  const port = destination?.port === undefined ? {} : { destination: { port: destination.port } };
  writeFiltered(batch, CT_GET, { family, protocol, status, ...port });
}

function writeFiltered(batch: MessageBatch, type: number, filter: FlowFilter): void {
  const { address, port } = filter.destination ?? {};
  const original = COMPARE_PROTO_NUM | flag(address, COMPARE_IP_DST) | flag(port, COMPARE_PROTO_DST_PORT);
  const reply = COMPARE_PROTO_NUM | flag(filter.responder, COMPARE_IP_SRC);
  const isIpv4 = filter.family === 4;

  batch.begin(type, 0, flowHeader(filter.family));
  const writeOriginal = () => {
    writeAddress(batch, isIpv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, address);
    writeProtocol(batch, filter.protocol, port);
  };
  const writeReply = () => {
    writeAddress(batch, isIpv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, filter.responder);
    writeProtocol(batch, filter.protocol);
  };
  batch.nested(CTA_TUPLE_ORIG, writeOriginal, NESTED).nested(CTA_TUPLE_REPLY, writeReply, NESTED);
  batch.u32be(CTA_STATUS, filter.status.value).u32be(CTA_STATUS_MASK, filter.status.mask);
  const writeFlags = () => batch.u32(CTA_FILTER_ORIG_FLAGS, original).u32(CTA_FILTER_REPLY_FLAGS, reply);
  batch.nested(CTA_FILTER, writeFlags, NESTED);
}

function flag(value: unknown, bit: number): number {
  return value === undefined ? 0 : bit;
}

function writeAddress(batch: MessageBatch, type: number, address: string | undefined): void {
  if (address === undefined) return;
  const bytes = Uint8Array.from(addressBytes(address));
  batch.nested(CTA_TUPLE_IP, () => batch.bytes(type, bytes), NESTED);
}

function writeProtocol(batch: MessageBatch, protocol: number, port?: number): void {
  const write = () => {
    batch.u8(CTA_PROTO_NUM, protocol);
    if (port !== undefined) batch.bytes(CTA_PROTO_DST_PORT, Uint8Array.of(port >> 8, port & 0xff));
  };
  batch.nested(CTA_TUPLE_PROTO, write, NESTED);
}
