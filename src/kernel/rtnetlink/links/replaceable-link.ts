import { constants } from "node:os";
import { kindOf, type LinkKinds } from "../link-kinds/kind-of.js";
import type { KernelKind, VirtualLink } from "../link-kinds/link-kind.js";
import { findLink, type LinkState } from "../messages/link.js";
import type { Namespaces } from "../session/namespaces.js";
import type { RequestQueue } from "../session/request-queue.js";
import { inTheWay, missingParent, refusedLink } from "./link-errors.js";
import { foreignTrait, isOwn } from "./link-identity.js";
import { encodeDeleteLink, encodeNamedLink, encodePassingLink, encodeSetLink } from "./link-request.js";
import { passingName } from "./passing-name.js";

export interface LinkMaking {
  readonly queue: RequestQueue;
  readonly namespaces: Namespaces;
  readonly mark: string | undefined;
  readonly kinds: LinkKinds;
}

/**
 * Makes a link of a type whose settings the kernel does not change, or that an extension brings, or makes do with the one that is there
 * and as described; one of tsd's that differs is made again. The request goes to the host, where the parent is. The link comes under a passing name and gets its own together
 * with the mark, so that no link has its name without the mark; and kernels before 6.15 look for the name of a new link in
 * the namespace of the request, where the host's `eth0` would be in the way of a container's.
 */
export function ensureReplaceableLink(making: LinkMaking, link: VirtualLink): void {
  const { queue, namespaces } = making;
  const kind = kindOf(link, making.kinds);
  const parent = parentIndex(making, link, kind);
  queue.flush(link.netns);
  const found = findLink(namespaces.at(link.netns), link.name);
  if (found !== undefined) {
    refuseForeign(making, link, found);
    const isAsDescribed =
      (parent === undefined || kind.standsOn(found) === parent) && kind.traits(link, found).length === 0;
    if (isAsDescribed) {
      setUp(making, link, found);
      return;
    }
    deleteLink(queue, link, found);
  }
  create(making, link, parent);
  name(making, link);
}

function parentIndex({ queue }: LinkMaking, link: VirtualLink, kind: KernelKind): number | undefined {
  const parent = kind.parent(link);
  if (parent === undefined) return undefined;
  const index = queue.findIndex(undefined, parent);
  if (index === undefined) throw missingParent(link, parent);
  return index;
}

function refuseForeign({ mark }: LinkMaking, link: VirtualLink, found: LinkState): void {
  const isOurs = isOwn(link, found, { mark, far: () => undefined });
  if (!isOurs) throw inTheWay(link, foreignTrait(link, found) ?? "is not tsd's");
}

function setUp({ queue, kinds }: LinkMaking, link: VirtualLink, found: LinkState): void {
  const context = {
    found,
    kinds,
    ...(link.master === undefined ? {} : { master: queue.indexOf(link.netns, link.master) }),
  };
  add(queue, "set up link", link, (batch) => encodeSetLink(batch, link, context));
}

function deleteLink(queue: RequestQueue, link: VirtualLink, { index }: LinkState): void {
  add(queue, "delete link", link, (batch) => encodeDeleteLink(batch, index));
  queue.flush(link.netns);
}

/** Under its passing name. */
function create(making: LinkMaking, link: VirtualLink, parent: number | undefined): void {
  const { queue, namespaces, mark, kinds } = making;
  const passing = passingName(link, mark);
  const netns = link.netns === undefined ? undefined : namespaces.descriptor(link.netns);
  const context = {
    passingName: passing,
    kinds,
    ...(parent === undefined ? {} : { parent }),
    ...(netns === undefined ? {} : { netns }),
  };
  const isMade = (): boolean => {
    let isTaken = false;
    queue.add({
      operation: "create link",
      object: link.name,
      netns: undefined,
      encode: (batch) => encodePassingLink(batch, link, context),
      refused(failure) {
        isTaken = failure.errno === constants.errno.EEXIST;
        if (!isTaken) throw refusedLink(link, failure, { kind: kindOf(link, kinds), host: namespaces.at(undefined) });
        return true;
      },
    });
    queue.flush(undefined);
    return !isTaken;
  };
  if (isMade()) return;
  // A tsd that died has left it.
  const left = findLink(namespaces.at(link.netns), passing);
  if (left !== undefined) deleteLink(queue, link, left);
  if (left !== undefined && isMade()) return;
  const failure = { index: 0, errno: constants.errno.EEXIST };
  throw refusedLink(link, failure, { kind: kindOf(link, kinds), host: namespaces.at(undefined) });
}

function name({ queue, namespaces, mark, kinds }: LinkMaking, link: VirtualLink): void {
  const index = queue.indexOf(link.netns, passingName(link, mark));
  const master = link.master === undefined ? undefined : queue.indexOf(link.netns, link.master);
  queue.learnIndex(link.netns, link.name, index);
  queue.add({
    operation: "name link",
    object: link.name,
    netns: link.netns,
    encode: (batch) => encodeNamedLink(batch, { index, name: link.name, mark, master, up: !link.handedOver }),
    refused(failure) {
      if (failure.errno === constants.errno.EEXIST) throw inTheWay(link, "is not tsd's");
      throw refusedLink(link, failure, { kind: kindOf(link, kinds), host: namespaces.at(undefined) });
    },
  });
}

function add(
  queue: RequestQueue,
  operation: string,
  { name: object, netns }: VirtualLink,
  encode: Parameters<RequestQueue["add"]>[0]["encode"],
): void {
  queue.add({ operation, object, netns, encode });
}
