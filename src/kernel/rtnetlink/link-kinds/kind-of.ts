import { bridge } from "./bridge.js";
import type { LinkKind, VirtualLink } from "./link-kind.js";
import { veth } from "./veth.js";

type Kinds = { readonly [T in VirtualLink["type"]]: LinkKind<Extract<VirtualLink, { type: T }>> };

/** One entry for each kind of link; a new kind is a file beside this one and a line here. */
const kinds: Kinds = { bridge, veth };

export function kindOf(link: VirtualLink): LinkKind<VirtualLink> {
  return kinds[link.type] as LinkKind<VirtualLink>;
}
