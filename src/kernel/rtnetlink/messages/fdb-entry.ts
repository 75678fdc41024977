import type { NetlinkMessage } from "../../netlink/message.js";
import type { MessageBatch } from "../../netlink/message-batch.js";
import { NLM_F_CREATE, NLM_F_REPLACE } from "../../netlink/protocol.js";
import { parseMac } from "./link.js";
import { NEIGHBOUR_FLAGS_AT, NEIGHBOUR_HEADER_LENGTH, neighbourHeader } from "./neighbour-header.js";
import * as p from "./protocol.js";

/**
 * `bridge fdb replace MAC dev PORT master static sticky`: the bridge finds the address by this port, however full its table
 * is, even if another port claims it.
 */
export function encodeStickyEntry(batch: MessageBatch, port: number, mac: string): void {
  const header = fdbHeader(port, p.NUD_NOARP, p.NTF_MASTER | p.NTF_STICKY);
  batch.begin(p.RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, header).bytes(p.NDA_LLADDR, parseMac(mac));
}

/** `bridge fdb get MAC dev PORT master`: where the bridge finds the address; refused where it does not know. */
export function encodeGetEntry(batch: MessageBatch, port: number, mac: string): void {
  batch.begin(p.RTM_GETNEIGH, 0, fdbHeader(port, 0, p.NTF_MASTER)).bytes(p.NDA_LLADDR, parseMac(mac));
}

/** Whether an answer of the kernel is the entry of {@link encodeStickyEntry}. */
export function isStickyEntry({ type, payload }: NetlinkMessage, port: number): boolean {
  if (type !== p.RTM_NEWNEIGH || payload.length < NEIGHBOUR_HEADER_LENGTH) return false;
  return payload.readInt32LE(4) === port && (payload.readUInt8(NEIGHBOUR_FLAGS_AT) & p.NTF_STICKY) !== 0;
}

function fdbHeader(link: number, state: number, flags: number): Buffer {
  return neighbourHeader({ family: p.AF_BRIDGE, link, state, flags });
}
