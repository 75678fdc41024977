import { constants } from "node:os";
import type { Link, VethLink } from "../../../api/link-resource.js";
import { TsdError } from "../../../errors/tsd-error.js";
import { isMadeInPlace, kindOf } from "../link-kinds/kind-of.js";
import type { VirtualLink } from "../link-kinds/link-kind.js";
import { decodeLink, encodeLinkMtu, encodeLinkUp, findLink, type LinkState } from "../messages/link.js";
import type { Namespaces } from "../session/namespaces.js";
import type { Request, RequestQueue } from "../session/request-queue.js";
import { isBridgePort, makeBridgePorts } from "./bridge-port.js";
import { farEndOf } from "./far-end.js";
import { inTheWay } from "./link-errors.js";
import { foreignTrait, isOwn, isPair } from "./link-identity.js";
import { encodeLinkAlias, encodeNewLink, encodeSetLink, type FoundLink, type LinkContext } from "./link-request.js";
import { ensureReplaceableLink, type LinkMaking } from "./replaceable-link.js";

/** The kernel replies to each link that it makes, some 4 KiB each by its accounting, before any reply is read. */
const MOST_REPLIES = 256;

/**
 * Queues what makes the links exist under the mark, or makes do with those that do. Throws `conflict` naming what is in the way.
 * Veths that follow one another are made together.
 */
export function ensureLinks(making: LinkMaking, links: readonly Link[]): void {
  const veths: VethLink[] = [];
  for (const link of links) {
    if (link.type === "veth") {
      veths.push(link);
      continue;
    }
    ensureVeths(making, veths.splice(0));
    ensureLink(making, link);
  }
  ensureVeths(making, veths);
}

function ensureLink(making: LinkMaking, link: Exclude<Link, VethLink>): void {
  const { queue, namespaces, mark } = making;
  if (link.type === "loopback") raise(queue, link.netns, link.name);
  else if (isMadeInPlace(link)) {
    create(queue, namespaces, link, { mark });
    finish(making, link);
  } else {
    ensureReplaceableLink(making, link);
    if (!isBridgePort(link)) return;
    makeBridgePorts(queue, [link]);
    raise(queue, link.netns, link.name);
  }
}

/** In two requests to the namespace that they are made in, for as many as these: only the reply to the first has their indexes. */
function ensureVeths(making: LinkMaking, veths: readonly VethLink[]): void {
  const { queue } = making;
  for (let at = 0; at < veths.length; at += MOST_REPLIES) createVeths(making, veths.slice(at, at + MOST_REPLIES));
  for (const link of veths) finish(making, link);
  makeBridgePorts(
    queue,
    veths.flatMap((link) => (isBridgePort(link) ? [link] : [])),
  );
  // Last, since nothing passes before: its other end is without carrier that long.
  for (const { peer } of veths) if (!peer.handedOver) raise(queue, peer.netns, peer.name);
}

/** What the kernel accepts only once the link exists. */
function finish({ queue, mark }: LinkMaking, link: VirtualLink): void {
  const lacksMtu = link.mtu !== undefined && !kindOf(link).keepsMtu;
  if (!lacksMtu && mark === undefined) return;
  // Asking for the index also makes sure that the link is ours before anything about it is changed.
  const index = queue.indexOf(link.netns, link.name);
  if (lacksMtu) setMtu(queue, link, link.mtu);
  if (mark !== undefined) setAlias(queue, link, { index, mark });
}

function createVeths({ queue, namespaces, mark }: LinkMaking, veths: readonly VethLink[]): void {
  const contexts = veths.map(({ netns, master, peer }) => ({
    mark,
    ...(master === undefined ? {} : { master: queue.indexOf(netns, master) }),
    ...(peer.netns === undefined ? {} : { peerNetns: namespaces.descriptor(peer.netns) }),
  }));
  for (const [at, link] of veths.entries()) create(queue, namespaces, link, contexts[at] ?? { mark });
  for (const [netns, made] of Map.groupBy(veths, (link) => link.netns)) {
    const echoes = new Map(queue.flush(netns).flatMap((reply) => named(decodeLink(reply))));
    for (const { name, peer } of made) {
      const echo = echoes.get(name);
      if (echo !== undefined) queue.learnIndex(netns, name, echo.index);
      if (echo?.peer !== undefined) queue.learnIndex(peer.netns, peer.name, echo.peer);
    }
  }
}

function named(link: LinkState | undefined): readonly (readonly [string, LinkState])[] {
  return link === undefined ? [] : [[link.name, link]];
}

function raise(queue: RequestQueue, netns: string | undefined, name: string): void {
  const encode: Request["encode"] = (batch) => encodeLinkUp(batch, name);
  queue.add({ operation: "bring up link", object: name, netns, isLate: true, encode });
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
      set(queue, link, { ...context, found: adopt(namespaces, link, mark) });
      if (link.type === "veth" && link.mtu !== undefined && !link.peer.handedOver) setMtu(queue, link.peer, link.mtu);
      return true;
    },
  });
}

function set(queue: RequestQueue, link: VirtualLink, context: LinkContext & FoundLink): void {
  queue.add({
    operation: "set up link",
    object: link.name,
    netns: link.netns,
    encode: (batch) => encodeSetLink(batch, link, context),
  });
}

function setMtu(queue: RequestQueue, { netns, name }: Pick<VirtualLink, "netns" | "name">, mtu: number): void {
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

/** The existing link, provided that tsd made it and that it is as described. */
function adopt(namespaces: Namespaces, link: VirtualLink, mark: string | undefined): LinkState {
  const found = findLink(namespaces.at(link.netns), link.name);
  if (found === undefined) throw peerInTheWay(link);
  const far = () => farEndOf(namespaces, link);
  const own = isOwn(link, found, { mark, far });
  const trait = own ? undefined : foreignTrait(link, found);
  if (trait !== undefined) throw inTheWay(link, trait);
  const leadsAway = link.type === "veth" && !link.peer.handedOver && !isPair(link, found, far());
  if (leadsAway) throw inTheWay(link, `does not lead to ${peerWords(link)}`);
  if (!own) throw inTheWay(link, "is not tsd's");
  return found;
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
