import { isNetns } from "../../netns/netns.js";
import type { VirtualLink } from "../link-kinds/link-kind.js";
import { findLink, type LinkState } from "../messages/link.js";
import type { Namespaces } from "../session/namespaces.js";

/** What bears the name of a veth's other end, in the namespace where that is to be; undefined for nothing. */
export function farEndOf(namespaces: Namespaces, link: VirtualLink): LinkState | undefined {
  if (link.type !== "veth") return undefined;
  const { netns, name } = link.peer;
  return netns === undefined || isNetns(netns) ? findLink(namespaces.at(netns), name) : undefined;
}
