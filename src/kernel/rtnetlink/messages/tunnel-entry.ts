import { Attributes } from "../../netlink/attributes.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_REPLACE } from "../../netlink/protocol.js";
import { formatMac, parseMac } from "./link.js";
import { NEIGHBOUR_FLAGS_AT, NEIGHBOUR_HEADER_LENGTH, neighbourHeader } from "./neighbour-header.js";
import * as p from "./protocol.js";

/** Where a tunnel sends frames for a MAC address, as it is to be. */
export interface TunnelEntry {
  /** Index of the tunnel. */
  readonly link: number;
  readonly mac: string;
  /** Address of the host, in network order. */
  readonly remote: Buffer;
  /** Index of the link by which that is reached; absent: any. */
  readonly via?: number;
  /** It is in the table of the bridge as well that the tunnel is a port of. */
  readonly bridged: boolean;
}

/** A line of a tunnel's own table, or of its bridge's about it. */
export interface TunnelEntryState {
  /** Index of the tunnel. */
  readonly link: number;
  readonly mac: string;
  /** Absent in the table of the bridge. */
  readonly remote?: Buffer;
  /** Index of the link by which that is reached. */
  readonly via?: number;
  /** It is in the table of the bridge. */
  readonly master: boolean;
}

/** All frames for which there is no other entry, broadcasts among them. */
const EVERYBODY = "00:00:00:00:00:00";

/** Whether the entry is one of several for the same MAC address, which each get the frame. */
export function isFlood({ mac }: Pick<TunnelEntry, "mac">): boolean {
  return mac === EVERYBODY;
}

/**
 * `bridge fdb replace MAC dev LINK dst REMOTE self permanent`. For a port `self master dynamic extern_learn`: one message fills both
 * tables. The entry does not age, and to the bridge a permanent one would be an address of the host's own. A flood entry is appended.
 */
export function encodeNewTunnelEntry(batch: MessageBatch, { link, mac, remote, via, bridged }: TunnelEntry): void {
  const state = bridged ? p.NUD_REACHABLE : p.NUD_PERMANENT;
  const flags = p.NTF_SELF | (bridged ? p.NTF_MASTER | p.NTF_EXT_LEARNED : 0);
  const how = NLM_F_CREATE | (isFlood({ mac }) ? NLM_F_APPEND : NLM_F_REPLACE);
  batch.begin(p.RTM_NEWNEIGH, how, neighbourHeader({ family: p.AF_BRIDGE, link, state, flags }));
  encodeTarget(batch, { mac, remote, via });
}

/**
 * `bridge fdb delete MAC dev LINK dst REMOTE self`; ENOENT if the tunnel sends such frames nowhere. If it sends them to another host,
 * nothing happens.
 */
export function encodeDeleteTunnelEntry(batch: MessageBatch, { link, mac, remote, via }: TunnelEntry): void {
  batch.begin(p.RTM_DELNEIGH, 0, neighbourHeader({ family: p.AF_BRIDGE, link, flags: p.NTF_SELF }));
  encodeTarget(batch, { mac, remote, via });
}

function encodeTarget(
  batch: MessageBatch,
  { mac, remote, via }: { readonly mac: string; readonly remote: Buffer; readonly via: number | undefined },
): void {
  batch.bytes(p.NDA_LLADDR, parseMac(mac)).bytes(p.NDA_DST, remote);
  if (via !== undefined) batch.u32(p.NDA_IFINDEX, via);
}

/** `bridge fdb get MAC dev LINK self` (Linux 5.0); ENOENT if the tunnel sends such frames nowhere. */
export function encodeGetTunnelEntry(batch: MessageBatch, { link, mac }: Pick<TunnelEntry, "link" | "mac">): void {
  batch.begin(p.RTM_GETNEIGH, 0, neighbourHeader({ family: p.AF_BRIDGE, link, flags: p.NTF_SELF }));
  batch.bytes(p.NDA_LLADDR, parseMac(mac));
}

/** `bridge fdb delete MAC dev LINK master`; ENOENT if the bridge does not know it there. */
export function encodeDeleteBridgeEntry(batch: MessageBatch, { link, mac }: Pick<TunnelEntry, "link" | "mac">): void {
  batch.begin(p.RTM_DELNEIGH, 0, neighbourHeader({ family: p.AF_BRIDGE, link, flags: p.NTF_MASTER }));
  batch.bytes(p.NDA_LLADDR, parseMac(mac));
}

/** Both tables, as far as they are about one tunnel. */
export function listTunnelEntries(socket: NetlinkSocket, link: number): readonly TunnelEntryState[] {
  const batch = new MessageBatch().begin(p.RTM_GETNEIGH, 0, neighbourHeader({ family: p.AF_BRIDGE, link: 0 }));
  batch.u32(p.NDA_IFINDEX, link);
  return socket
    .dump(batch, "entries of tunnels")
    .flatMap(decodeTunnelEntry)
    .filter((entry) => entry.link === link);
}

/** One, or none for a message that is too short or names no MAC address. */
export function decodeTunnelEntry({ payload }: NetlinkMessage): readonly TunnelEntryState[] {
  if (payload.length < NEIGHBOUR_HEADER_LENGTH) return [];
  const attributes = Attributes.decode(payload, NEIGHBOUR_HEADER_LENGTH);
  const mac = attributes.bytes(p.NDA_LLADDR);
  if (mac === undefined) return [];
  const remote = attributes.bytes(p.NDA_DST);
  const via = attributes.u32(p.NDA_IFINDEX);
  const master = (payload.readUInt8(NEIGHBOUR_FLAGS_AT) & p.NTF_SELF) === 0;
  return [
    {
      ...{ link: payload.readInt32LE(4), mac: formatMac(mac), master },
      ...(remote === undefined ? {} : { remote }),
      ...(via === undefined ? {} : { via }),
    },
  ];
}
