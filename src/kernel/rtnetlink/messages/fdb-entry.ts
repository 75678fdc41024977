import type { NetlinkMessage } from "../../netlink/message.js";
import type { MessageBatch } from "../../netlink/message-batch.js";
import { NLM_F_CREATE, NLM_F_REPLACE } from "../../netlink/protocol.js";
import { parseMac } from "./link.js";
import * as p from "./protocol.js";

/** `struct ndmsg`: family u8, pads u8 and u16, index i32, state u16, flags u8, type u8. */
const HEADER_LENGTH = 12;
const AF_BRIDGE = 7;
/** <linux/neighbour.h>: `static` of bridge(8); of the bridge that the port belongs to; never moved to another port. */
const NUD_NOARP = 0x40;
const NTF_MASTER = 0x04;
const NTF_STICKY = 0x40;
const NDA_LLADDR = 2;

/**
 * `bridge fdb replace MAC dev PORT master static sticky`: the bridge finds the address by this port, however full its table
 * is, even if another port claims it.
 */
export function encodeStickyEntry(batch: MessageBatch, port: number, mac: string): void {
  const header = fdbHeader(port, NUD_NOARP, NTF_MASTER | NTF_STICKY);
  batch.begin(p.RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, header).bytes(NDA_LLADDR, parseMac(mac));
}

/** `bridge fdb get MAC dev PORT master`: where the bridge finds the address; refused where it does not know. */
export function encodeGetEntry(batch: MessageBatch, port: number, mac: string): void {
  batch.begin(p.RTM_GETNEIGH, 0, fdbHeader(port, 0, NTF_MASTER)).bytes(NDA_LLADDR, parseMac(mac));
}

/** Whether an answer of the kernel is the entry of {@link encodeStickyEntry}. */
export function isStickyEntry({ type, payload }: NetlinkMessage, port: number): boolean {
  if (type !== p.RTM_NEWNEIGH || payload.length < HEADER_LENGTH) return false;
  return payload.readInt32LE(4) === port && (payload.readUInt8(10) & NTF_STICKY) !== 0;
}

function fdbHeader(port: number, state: number, flags: number): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt8(AF_BRIDGE, 0);
  header.writeInt32LE(port, 4);
  header.writeUInt16LE(state, 8);
  header.writeUInt8(flags, 10);
  return header;
}
