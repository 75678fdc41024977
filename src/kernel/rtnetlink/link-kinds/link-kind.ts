import type { Link, LoopbackLink } from "../../../api/resource.js";
import type { MessageBatch } from "../../netlink/message-batch.js";

/** A link that tsd makes, as against `lo`, which every namespace has. */
export type VirtualLink = Exclude<Link, LoopbackLink>;

/** What a kind of link puts into IFLA_INFO_DATA, the part of RTM_NEWLINK that is its own. */
export interface LinkKind<L extends VirtualLink> {
  /** False where the kernel forgets an MTU that is given at creation, so that it must be set afterwards. */
  readonly keepsMtu: boolean;
  /** True where the kernel takes the same settings for a link that exists. */
  readonly changeable: boolean;
  /** `peerNetns` is an open descriptor of the namespace where the other end goes. */
  encodeData(batch: MessageBatch, link: L, peerNetns: number | undefined): void;
  /** The same for `ip link add … type KIND`. */
  words(link: L): readonly string[];
}
