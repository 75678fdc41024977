import { MessageBatch } from "../../kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../kernel/netlink/protocol.js";
import { isNetns } from "../../kernel/netns/netns.js";
import { encodeDeleteLink } from "../../kernel/rtnetlink/links/link-request.js";
import { findLink } from "../../kernel/rtnetlink/messages/link.js";
import type { CniAttachment } from "./resources.js";

type Place = Pick<CniAttachment, "netns" | "name">;

export function hasInterface({ netns, name }: Place): boolean {
  if (!isNetns(netns)) return false;
  using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
  return findLink(socket, name) !== undefined;
}

/** Deletes what a plug-in made that failed half-way; the other end of a pair goes with it. */
export function deleteInterface({ netns, name }: Place): void {
  if (!isNetns(netns)) return;
  using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
  const index = findLink(socket, name)?.index;
  if (index === undefined) return;
  const batch = new MessageBatch();
  encodeDeleteLink(batch, index);
  socket.exchange(batch, { what: () => `delete link ${name} in ${netns}` });
}
