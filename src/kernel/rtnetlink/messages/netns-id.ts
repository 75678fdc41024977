import { Attributes } from "../../netlink/attributes.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import * as p from "./protocol.js";

/** `struct rtgenmsg`: family u8, padded. */
const HEADER_LENGTH = 4;

/**
 * The number by which the socket's namespace calls that of an open descriptor, in {@link LinkState.peerNetns} too; undefined
 * where it has none (<linux/net_namespace.h>).
 */
export function netnsId(socket: NetlinkSocket, descriptor: number): number | undefined {
  const batch = new MessageBatch().begin(p.RTM_GETNSID, 0, Buffer.alloc(HEADER_LENGTH));
  batch.u32(p.NETNSA_FD, descriptor);
  const { replies } = socket.exchange(batch, { what: () => "look up the number of a namespace", reads: true });
  const [reply] = replies;
  const id = reply && Attributes.decode(reply.payload, HEADER_LENGTH).u32(p.NETNSA_NSID);
  return id === p.NETNSA_NSID_NOT_ASSIGNED ? undefined : id;
}
