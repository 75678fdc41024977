import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../../../contracts/clock.js";
import { kernelError } from "../../errno.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import { isNetns } from "../../netns/netns.js";
import { isMadeInPlace } from "../link-kinds/kind-of.js";
import type { VirtualLink } from "../link-kinds/link-kind.js";
import { findLink, findNamedLinks, type LinkState } from "../messages/link.js";
import type { Namespaces } from "../session/namespaces.js";
import { farEndOf } from "./far-end.js";
import { isOwn, mayBeOwn } from "./link-identity.js";
import { encodeDeleteGroup, encodeDeleteLink, encodeLinkGroup } from "./link-request.js";
import { passingName } from "./passing-name.js";

/** How long a veth may take to follow its peer's namespace, and how often to look, in milliseconds. */
const PATIENCE = 100;
const INTERVAL = 1;
/** Groups above this are for the time of one deletion; 0 is the default group of every link. */
const FIRST_GROUP = 0x40000000;

interface Removal {
  readonly namespaces: Namespaces;
  readonly mark: string | undefined;
}

/**
 * Deletes links of one namespace. Each deletion waits some 20 ms for a grace period of the kernel, so several go as one
 * group. A foreign link of the same name stays, see {@link isOwn}.
 */
export async function removeLinks(links: readonly VirtualLink[], removal: Removal): Promise<void> {
  const netns = links[0]?.netns;
  const { namespaces } = removal;
  const names = links.map(({ name }) => name);
  const known = new Map(findNamedLinks(namespaces.at(netns), names).map((state) => [state.name, state]));
  const found: number[] = [];
  for (const link of links) {
    const state = await findOwn(link, known.get(link.name), removal);
    if (state !== undefined) found.push(state.index);
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
  const failed = { operation: "delete links", object: names.join(", ") };
  const { failures } = namespaces.at(netns).exchange(batch, { what: () => `${failed.operation} ${failed.object}` });
  const refusal = failures.find(({ errno }) => errno !== constants.errno.ENODEV);
  if (refusal !== undefined) throw kernelError({ ...failed, ...refusal });
}

/** The link that tsd made; waits for one that is about to go by itself. */
async function findOwn(
  link: VirtualLink,
  known: LinkState | undefined,
  { namespaces, mark }: Removal,
): Promise<LinkState | undefined> {
  const deadline = monotonicTime() + PATIENCE;
  for (let state = known; ; state = findLink(namespaces.at(link.netns), link.name)) {
    if (state === undefined || !mayBeOwn(link, state, mark)) {
      // One whose maker died before it named it.
      return isMadeInPlace(link) ? undefined : findLink(namespaces.at(link.netns), passingName(link, mark));
    }
    if (!isOrphaned(link) || monotonicTime() > deadline) {
      return isOwn(link, state, { mark, far: () => farEndOf(namespaces, link) }) ? state : undefined;
    }
    await sleep(INTERVAL);
  }
}

/** True for a veth whose other end went with its namespace: the kernel is about to remove this end too. */
function isOrphaned(link: VirtualLink): boolean {
  return link.type === "veth" && link.peer.netns !== undefined && !isNetns(link.peer.netns);
}
