import type { VethLink } from "../../api/resource.js";
import type { LinkState } from "./link.js";
import type { VirtualLink } from "./link-kind.js";

/**
 * What shows that an existing link of the right name is somebody else's, as words after "the link exists and …": another
 * kind, or another hardware address than the one that was drawn for it. Undefined for ours.
 */
export function foreignTrait(link: VirtualLink, found: LinkState): string | undefined {
  if (found.kind !== link.type) return found.kind === undefined ? "is a hardware device" : `is a ${found.kind}`;
  if (link.mac !== undefined && found.mac !== link.mac.toLowerCase()) return `has the hardware address ${found.mac}`;
  return undefined;
}

/** True if the two ends found are the two ends described. */
export function isPair({ peer }: VethLink, near: LinkState, far: LinkState | undefined): far is LinkState {
  if (far === undefined || far.kind !== "veth") return false;
  if (peer.mac !== undefined && far.mac !== peer.mac.toLowerCase()) return false;
  return far.peer === near.index && near.peer === far.index;
}
