import { constants } from "node:os";
import type { Link, VethLink } from "../../../api/resource.js";
import { TsdError } from "../../../errors/tsd-error.js";
import { isBuiltIn, kindOf } from "../link-kinds/kind-of.js";
import type { VirtualLink } from "../link-kinds/link-kind.js";
import { decodeLink, encodeLinkMtu, encodeLinkUp, findLink } from "../messages/link.js";
import type { Namespaces } from "../session/namespaces.js";
import type { RequestQueue } from "../session/request-queue.js";
import { ensureBridgePort, isBridgePort } from "./bridge-port.js";
import { ensureExtensionLink, type LinkMaking } from "./extension-link.js";
import { farEndOf } from "./far-end.js";
import { inTheWay } from "./link-errors.js";
import { foreignTrait, isOwn, isPair } from "./link-identity.js";
import { encodeLinkAlias, encodeNewLink, encodeSetLink, type LinkContext } from "./link-request.js";

/**
 * Queues what makes the link exist under the mark, or makes do with the one that does. Throws `conflict` naming what is in
 * the way.
 */
export function ensureLink(making: LinkMaking, link: Link): void {
  const { queue } = making;
  if (link.type === "loopback") raise(queue, link.netns, link.name);
  else if (isBuiltIn(link)) ensureBuiltIn(making, link);
  else {
    ensureExtensionLink(making, link);
    if (!isBridgePort(link)) return;
    ensureBridgePort(queue, link);
    raise(queue, link.netns, link.name);
  }
}

function ensureBuiltIn({ queue, namespaces, mark }: LinkMaking, link: VirtualLink): void {
  if (link.type === "veth") createVeth(queue, namespaces, link, mark);
  else create(queue, namespaces, link, { mark });
  const lacksMtu = link.mtu !== undefined && !kindOf(link).keepsMtu;
  if (lacksMtu || mark !== undefined) {
    // Asking for the index also makes sure that the link is ours before anything about it is changed.
    const index = queue.indexOf(link.netns, link.name);
    if (lacksMtu) set(queue, link, { index });
    if (mark !== undefined) setAlias(queue, link, { index, mark });
  }
  if (link.type !== "veth") return;
  if (isBridgePort(link)) ensureBridgePort(queue, link);
  if (link.peer.handedOver) return;
  // Last, since nothing passes before: its other end is without carrier that long.
  raise(queue, link.peer.netns, link.peer.name);
}

function createVeth(queue: RequestQueue, namespaces: Namespaces, link: VethLink, mark: string | undefined): void {
  const { netns, name } = link.peer;
  create(queue, namespaces, link, {
    mark,
    ...(link.master === undefined ? {} : { master: queue.indexOf(link.netns, link.master) }),
    ...(netns === undefined ? {} : { peerNetns: namespaces.descriptor(netns) }),
  });
  const made = queue
    .flush(link.netns)
    .map(decodeLink)
    .find((echo) => echo?.name === link.name);
  if (made !== undefined) queue.learnIndex(link.netns, link.name, made.index);
  if (made?.peer !== undefined) queue.learnIndex(netns, name, made.peer);
}

function raise(queue: RequestQueue, netns: string | undefined, name: string): void {
  queue.add({ operation: "bring up link", object: name, netns, encode: (batch) => encodeLinkUp(batch, name) });
}

function create(
  queue: RequestQueue,
  namespaces: Namespaces,
  link: VirtualLink,
  { mark, ...context }: LinkContext & { readonly mark: string | undefined },
): void {
  queue.add({
    operation: "create link",
    object: link.name,
    netns: link.netns,
    encode: (batch) => encodeNewLink(batch, link, context),
    refused: ({ errno }) => {
      if (errno !== constants.errno.EEXIST) return false;
      set(queue, link, { ...context, index: adopt(namespaces, link, mark) });
      if (link.type === "veth" && link.mtu !== undefined && !link.peer.handedOver) setFarMtu(queue, link, link.mtu);
      return true;
    },
  });
}

function set(queue: RequestQueue, link: VirtualLink, context: LinkContext & { readonly index: number }): void {
  queue.add({
    operation: "set up link",
    object: link.name,
    netns: link.netns,
    encode: (batch) => encodeSetLink(batch, link, context),
  });
}

function setFarMtu(queue: RequestQueue, { peer: { netns, name } }: VethLink, mtu: number): void {
  queue.add({ operation: "set up link", object: name, netns, encode: (batch) => encodeLinkMtu(batch, name, mtu) });
}

function setAlias(
  queue: RequestQueue,
  link: VirtualLink,
  { index, mark }: { readonly index: number; readonly mark: string },
): void {
  queue.add({
    operation: "mark link",
    object: link.name,
    netns: link.netns,
    encode: (batch) => encodeLinkAlias(batch, index, mark),
  });
}

/** The index of the existing link, provided that tsd made it and that it is as described. */
function adopt(namespaces: Namespaces, link: VirtualLink, mark: string | undefined): number {
  const found = findLink(namespaces.at(link.netns), link.name);
  if (found === undefined) throw peerInTheWay(link);
  const far = () => farEndOf(namespaces, link);
  const own = isOwn(link, found, { mark, far });
  const trait = own ? undefined : foreignTrait(link, found);
  if (trait !== undefined) throw inTheWay(link, trait);
  const leadsAway = link.type === "veth" && !link.peer.handedOver && !isPair(link, found, far());
  if (leadsAway) throw inTheWay(link, `does not lead to ${peerWords(link)}`);
  if (!own) throw inTheWay(link, "is not tsd's");
  return found.index;
}

/** Neither name nor index of ours is taken, so the other name of the request must be. */
function peerInTheWay(link: VirtualLink): TsdError {
  const name = link.type === "veth" ? peerWords(link) : link.name;
  return new TsdError({
    kind: "conflict",
    code: "TSD_LINK_CONFLICT",
    message: `the link ${name} exists already`,
    hint: "Choose another interface name.",
    details: { link: link.name, ...(link.type === "veth" ? { peer: link.peer } : {}) },
  });
}

function peerWords({ peer }: VethLink): string {
  return peer.netns === undefined ? peer.name : `${peer.name} in ${peer.netns}`;
}
