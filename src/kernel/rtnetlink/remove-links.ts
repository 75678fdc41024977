import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { kernelError } from "../errno.js";
import { MessageBatch } from "../netlink/message-batch.js";
import type { NetlinkSocket } from "../netlink/netlink-socket.js";
import { isNetns } from "../netns.js";
import { findLink, type LinkState } from "./link.js";
import { foreignTrait } from "./link-identity.js";
import type { VirtualLink } from "./link-kind.js";
import { encodeDeleteGroup, encodeDeleteLink, encodeLinkGroup } from "./link-request.js";

/** How long a veth may take to follow its peer's namespace, and how often to look, in milliseconds. */
const PATIENCE = 100;
const INTERVAL = 1;
/** Groups above this are for the time of one deletion; 0 is the default group of every link. */
const FIRST_GROUP = 0x40000000;

/**
 * Deletes links of one namespace. Each deletion waits some 20 ms for a grace period of the kernel, so several go as one
 * group. A link of the same name that is somebody else's stays.
 */
export async function removeLinks(socket: NetlinkSocket, links: readonly VirtualLink[]): Promise<void> {
  const found: number[] = [];
  for (const link of links) {
    const state = orphaned(link) ? await awaitGone(socket, link.name) : findLink(socket, link.name);
    if (state !== undefined && foreignTrait(link, state) === undefined) found.push(state.index);
  }
  const [only] = found;
  if (only === undefined) return;
  const batch = new MessageBatch();
  if (found.length === 1) {
    encodeDeleteLink(batch, only);
  } else {
    // No two links of a namespace have one index, so nobody else chooses this group.
    const group = FIRST_GROUP + only;
    for (const index of found) encodeLinkGroup(batch, index, group);
    encodeDeleteGroup(batch, group);
  }
  const failed = { operation: "delete links", object: links.map(({ name }) => name).join(", ") };
  const { failures } = socket.exchange(batch, { what: () => `${failed.operation} ${failed.object}` });
  const refusal = failures.find(({ errno }) => errno !== constants.errno.ENODEV);
  if (refusal !== undefined) throw kernelError({ ...failed, ...refusal });
}

/** True for a veth whose other end went with its namespace: the kernel is about to remove this end too. */
function orphaned(link: VirtualLink): boolean {
  return link.type === "veth" && link.peer.netns !== undefined && !isNetns(link.peer.netns);
}

async function awaitGone(socket: NetlinkSocket, name: string): Promise<LinkState | undefined> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const state = findLink(socket, name);
    if (state === undefined || performance.now() > deadline) return state;
    await sleep(INTERVAL);
  }
}
