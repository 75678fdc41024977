import { Attributes } from "../kernel/netlink/attributes.js";
import type { NetlinkMessage } from "../kernel/netlink/message.js";
import type { MessageBatch } from "../kernel/netlink/message-batch.js";
import { NFGENMSG_LENGTH } from "../kernel/netlink/protocol.js";
import { addressBytes } from "./address-bytes.js";
import {
  CT_DELETE,
  CT_NEW,
  CTA_IP_V4_DST,
  CTA_IP_V4_SRC,
  CTA_IP_V6_DST,
  CTA_IP_V6_SRC,
  CTA_PROTO_DST_PORT,
  CTA_PROTO_NUM,
  CTA_STATUS,
  CTA_TUPLE_IP,
  CTA_TUPLE_ORIG,
  CTA_TUPLE_PROTO,
  CTA_TUPLE_REPLY,
  flowHeader,
} from "./ctnetlink.js";
import type { FlowFilter } from "./flow-filter.js";

/** A flow as the kernel lists it. */
export interface TrackedFlow {
  readonly family: 4 | 6;
  /** The attributes of its original direction, which name it. */
  readonly original: Buffer;
  readonly protocol: number;
  readonly destination: { readonly address: Buffer; readonly port: number };
  readonly responder: Buffer;
  readonly status: number;
}

/** Undefined for a message that is no flow with ports. */
export function decodeFlow({ type, payload }: NetlinkMessage): TrackedFlow | undefined {
  if (type !== CT_NEW) return undefined;
  const flow = Attributes.decode(payload, NFGENMSG_LENGTH);
  const original = flow.bytes(CTA_TUPLE_ORIG);
  const there = flow.nested(CTA_TUPLE_ORIG);
  const ip = there.nested(CTA_TUPLE_IP);
  const back = flow.nested(CTA_TUPLE_REPLY).nested(CTA_TUPLE_IP);
  const address = ip.bytes(CTA_IP_V4_DST) ?? ip.bytes(CTA_IP_V6_DST);
  const responder = back.bytes(CTA_IP_V4_SRC) ?? back.bytes(CTA_IP_V6_SRC);
  const transport = there.nested(CTA_TUPLE_PROTO);
  const protocol = transport.u8(CTA_PROTO_NUM);
  const port = transport.bytes(CTA_PROTO_DST_PORT);
  const status = flow.u32be(CTA_STATUS);
  if (original === undefined || address === undefined || responder === undefined) return undefined;
  if (protocol === undefined || port?.length !== 2 || status === undefined) return undefined;
  const family = address.length === 4 ? 4 : 6;
  return { family, original, protocol, destination: { address, port: port.readUInt16BE() }, responder, status };
}

export function fits(flow: TrackedFlow, { family, protocol, destination, responder, status }: FlowFilter): boolean {
  return (
    flow.family === family &&
    flow.protocol === protocol &&
    (flow.status & status.mask) === status.value &&
    (destination?.port === undefined || flow.destination.port === destination.port) &&
    isSameAddress(flow.destination.address, destination?.address) &&
    isSameAddress(flow.responder, responder)
  );
}

/** A request to forget this flow and no other. */
export function writeExactDeletion(batch: MessageBatch, { family, original }: TrackedFlow): void {
  const write = () => {
    for (const [type, value] of Attributes.decode(original).all()) batch.bytes(type, value);
  };
  batch.begin(CT_DELETE, 0, flowHeader(family)).nested(CTA_TUPLE_ORIG, write, { flagged: true });
}

function isSameAddress(found: Buffer, wanted: string | undefined): boolean {
  return wanted === undefined || found.equals(Uint8Array.from(addressBytes(wanted)));
}
