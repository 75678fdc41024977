import type { VethLink } from "../../../api/link-resource.js";
import type { VirtualLink } from "../link-kinds/link-kind.js";
import type { LinkState } from "../messages/link.js";

/**
 * What shows that an existing link of the right name is not tsd's, as words after "the link exists and …": another kind, or
 * another hardware address than the one that was drawn for it. Undefined for ours.
 */
export function foreignTrait(link: VirtualLink, found: LinkState): string | undefined {
  if (found.kind !== link.type) return found.kind === undefined ? "is a hardware device" : `is a ${found.kind}`;
  if (link.mac !== undefined && !hasDrawnAddress(link, found)) return `has the hardware address ${found.mac}`;
  return undefined;
}

/**
 * True if a link of the right name is the one that tsd made. It has the hardware address that was drawn for it from its
 * first moment on. One for which none was drawn, or was when it was made, is identified by `mark`; other links of tsd's have
 * it as well, so a veth is also identified by where it leads.
 */
export function isOwn(
  link: VirtualLink,
  found: LinkState,
  { mark, far }: { readonly mark: string | undefined; readonly far: () => LinkState | undefined },
): boolean {
  if (!mayBeOwn(link, found, mark)) return false;
  return link.type !== "veth" || hasDrawnAddress(link, found) || isPair(link, found, far());
}

/** False for a link that cannot be ours, wherever it leads. */
export function mayBeOwn(link: VirtualLink, found: LinkState, mark: string | undefined): boolean {
  if (found.kind !== link.type) return false;
  if (hasDrawnAddress(link, found)) return true;
  // A veth whose maker died before it marked it can still be identified by where it leads.
  if (link.type === "veth") return found.alias === mark || found.alias === undefined;
  // A container may change the address of what is in its namespace, and no two links there have one name.
  return (link.mac === undefined || link.netns !== undefined) && found.alias === mark;
}

/** True if the two ends found are the two ends described. */
export function isPair({ peer }: VethLink, near: LinkState, far: LinkState | undefined): far is LinkState {
  if (far === undefined || far.kind !== "veth") return false;
  if (peer.mac !== undefined && far.mac !== peer.mac.toLowerCase()) return false;
  return far.peer === near.index && near.peer === far.index;
}

function hasDrawnAddress({ mac }: VirtualLink, found: LinkState): boolean {
  return mac !== undefined && found.mac === mac.toLowerCase();
}
