import type { LinkKind } from "../../../api/link-kind.js";
import type { Link, LoopbackLink } from "../../../api/link-resource.js";
import type { MessageBatch } from "../../netlink/message-batch.js";
import type { LinkState } from "../messages/link.js";

/** A link that tsd makes, as against `lo`, which every namespace has. */
export type VirtualLink = Exclude<Link, LoopbackLink>;

/** What names mean at the moment of the request. */
export interface LinkNumbers {
  /** Open descriptor of the namespace where the other end goes. */
  readonly peerNetns?: number;
  /** Index of the parent. */
  readonly parent?: number;
}

/** What a kind of link puts into IFLA_INFO_DATA, the part of RTM_NEWLINK that is its own, and how the kernel treats it. */
export interface KernelKind<L extends VirtualLink = VirtualLink> extends Pick<LinkKind<L>, "words" | "feature"> {
  /** The link of the host that it stands on; undefined for none. */
  parent(link: L): string | undefined;
  /** True where the parent's index is part of IFLA_INFO_DATA, and is no IFLA_LINK. */
  readonly parentInData: boolean;
  /** Index of the link that an existing one stands on. */
  standsOn(found: LinkState): number | undefined;
  /** False where the kernel forgets an MTU that is given at creation, so that it must be set afterwards. */
  readonly keepsMtu: boolean;
  /** True where the kernel takes the same settings for a link that exists. */
  readonly changeable: boolean;
  encodeData(batch: MessageBatch, link: L, numbers: LinkNumbers): void;
  /** Why the kernel refuses to make the link beside the `links` of the host, as a clause; undefined or absent for no reason of its own. */
  rival?(link: L, failure: { readonly errno: number }, links: readonly LinkState[]): string | undefined;
  /** Where an existing link differs in what is its own, in words after "the link". */
  traits(link: L, found: LinkState): readonly string[];
}
