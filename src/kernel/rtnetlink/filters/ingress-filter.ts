import { Attributes } from "../../netlink/attributes.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NLM_F_CREATE, NLM_F_EXCL } from "../../netlink/protocol.js";
import * as p from "../messages/protocol.js";
import { encodeProgram, type PacketProgram, programText } from "./packet-program.js";

/** `struct tcmsg`: family u8, pad u8, pad u16, index i32, handle u32, parent u32, info u32. */
const HEADER_LENGTH = 20;
/** <linux/pkt_sched.h>: where the queueing discipline is, and where its filters for what comes in and goes out are. */
const QDISC = 0xffff_fff1;
const INGRESS = 0xffff_fff2;
const EGRESS = 0xffff_fff3;
const QDISC_HANDLE = 0xffff_0000;
/** "tsd", which distinguishes tsd's filter from those of others that run first as well. */
const HANDLE = 0x747364;
const PREFERENCE = 1;
/** ETH_P_ALL in network order, below the preference. */
const INFO = (PREFERENCE << 16) | 0x0300;

/** <linux/rtnetlink.h>, <linux/pkt_cls.h>. */
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const TCA_BPF_OPS_LEN = 4;
const TCA_BPF_OPS = 5;
const TCA_BPF_FLAGS = 8;
/** The program's return value decides what happens to the frame, without a further action. */
const TCA_BPF_FLAG_ACT_DIRECT = 1;

/**
 * A filter on what comes in by a link, before a bridge, VLANs and IP see it (tc-bpf(8), direct action). It belongs to the
 * link: no packet filter is asked for it, no `flush ruleset` takes it, it goes with the link and stays when that is renamed.
 */
export function encodeIngressFilter(batch: MessageBatch, link: number, program: PacketProgram): void {
  batch.begin(p.RTM_NEWTFILTER, NLM_F_CREATE, tcHeader(link, INGRESS, HANDLE, INFO));
  batch.string(TCA_KIND, "bpf").nested(TCA_OPTIONS, () => {
    batch.u16(TCA_BPF_OPS_LEN, program.length).bytes(TCA_BPF_OPS, encodeProgram(program));
    batch.u32(TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
  });
}

/** `tc qdisc add dev LINK clsact`, which holds filters; EEXIST where the link has one, or its older kind `ingress`. */
export function encodeIngressQdisc(batch: MessageBatch, link: number): void {
  batch.begin(p.RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, tcHeader(link, QDISC, QDISC_HANDLE));
  batch.string(TCA_KIND, "clsact");
}

/** `tc qdisc delete dev LINK clsact`, with all filters. */
export function encodeDeleteIngressQdisc(batch: MessageBatch, link: number): void {
  batch.begin(p.RTM_DELQDISC, 0, tcHeader(link, QDISC, QDISC_HANDLE)).string(TCA_KIND, "clsact");
}

/** Tsd's filter alone; ENOENT or EINVAL where there is none. */
export function encodeDeleteIngressFilter(batch: MessageBatch, link: number): void {
  batch.begin(p.RTM_DELTFILTER, 0, tcHeader(link, INGRESS, HANDLE, INFO)).string(TCA_KIND, "bpf");
}

/** Asks for tsd's filter; refused where there is none. */
export function encodeGetIngressFilter(batch: MessageBatch, link: number): void {
  batch.begin(p.RTM_GETTFILTER, 0, tcHeader(link, INGRESS, HANDLE, INFO)).string(TCA_KIND, "bpf");
}

/** Whether a reply of the kernel is that program, and its return values count. */
export function isIngressFilter({ type, payload }: NetlinkMessage, program: PacketProgram): boolean {
  if (type !== p.RTM_NEWTFILTER) return false;
  const options = Attributes.decode(payload, HEADER_LENGTH).nested(TCA_OPTIONS);
  const isDirect = ((options.u32(TCA_BPF_FLAGS) ?? 0) & TCA_BPF_FLAG_ACT_DIRECT) !== 0;
  return isDirect && options.bytes(TCA_BPF_OPS)?.equals(encodeProgram(program)) === true;
}

/** True if the link has a queueing discipline that holds filters, even if another program made it. */
export function hasIngressQdisc(socket: NetlinkSocket, link: number): boolean {
  const batch = new MessageBatch().begin(p.RTM_GETQDISC, 0, tcHeader(0, 0));
  const replies = socket.dump(batch, "queueing disciplines");
  return replies.some(
    ({ payload }) =>
      payload.length >= HEADER_LENGTH && payload.readInt32LE(4) === link && payload.readUInt32LE(12) === QDISC,
  );
}

/** True where the link has any filter, of what comes in or of what goes out. */
export function hasFilters(socket: NetlinkSocket, link: number): boolean {
  return [INGRESS, EGRESS].some((parent) => {
    const batch = new MessageBatch().begin(p.RTM_GETTFILTER, 0, tcHeader(link, parent));
    return socket.dump(batch, "filters").length > 0;
  });
}

export function describeIngressFilter(link: string, program: PacketProgram): readonly string[] {
  return [
    `tc qdisc add dev ${link} clsact`,
    `tc filter replace dev ${link} ingress ${FILTER_WORDS} bpf direct-action bytecode "${programText(program)}"`,
  ];
}

/** `tc filter …`, which leaves the queueing discipline. */
export function describeNoIngressFilter(link: string): string {
  return `tc filter delete dev ${link} ingress ${FILTER_WORDS} bpf`;
}

const FILTER_WORDS = `pref ${PREFERENCE} handle 0x${HANDLE.toString(16)} protocol all`;

function tcHeader(link: number, parent: number, handle = 0, info = 0): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeInt32LE(link, 4);
  header.writeUInt32LE(handle, 8);
  header.writeUInt32LE(parent, 12);
  header.writeUInt32LE(info, 16);
  return header;
}
