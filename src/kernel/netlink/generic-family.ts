import { constants } from "node:os";
import { kernelError } from "../errno.js";
import { Attributes } from "./attributes.js";
import { MessageBatch } from "./message-batch.js";
import type { NetlinkSocket } from "./netlink-socket.js";

/** `struct genlmsghdr` of <linux/genetlink.h>: command u8, version u8, reserved u16. */
export const GENERIC_HEADER_LENGTH = 4;
export const genericHeader = (command: number, version: number): Uint8Array => Uint8Array.of(command, version, 0, 0);

/** The controller, which knows the numbers of the others: its own is fixed. */
const GENL_ID_CTRL = 0x10;
const CTRL_VERSION = 2;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;

/**
 * The number of a family of generic netlink, by which its messages go; undefined where the kernel has none of that name. `socket` is one
 * of NETLINK_GENERIC. Throws `kernel` or `permission`.
 */
export function findFamily(socket: NetlinkSocket, name: string): number | undefined {
  const batch = new MessageBatch();
  encodeGetFamily(batch, name);
  const told = { what: () => `look up netlink family ${name}`, reads: true };
  const {
    replies: [reply],
    failures: [failure],
  } = socket.exchange(batch, told);
  if (failure !== undefined) {
    if (failure.errno === constants.errno.ENOENT) return undefined;
    throw kernelError({ operation: "look up netlink family", object: name, ...failure });
  }
  return reply && Attributes.decode(reply.payload, GENERIC_HEADER_LENGTH).u16(CTRL_ATTR_FAMILY_ID);
}

export function encodeGetFamily(batch: MessageBatch, name: string): void {
  batch.begin(GENL_ID_CTRL, 0, genericHeader(CTRL_CMD_GETFAMILY, CTRL_VERSION)).string(CTRL_ATTR_FAMILY_NAME, name);
}
