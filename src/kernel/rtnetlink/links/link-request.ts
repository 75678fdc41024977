import type { VethLink } from "../../../api/resource.js";
import type { MessageBatch } from "../../netlink/message-batch.js";
import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL } from "../../netlink/protocol.js";
import { kindOf } from "../link-kinds/kind-of.js";
import type { VirtualLink } from "../link-kinds/link-kind.js";
import { type LinkState, linkHeader, parseMac } from "../messages/link.js";
import * as p from "../messages/protocol.js";

/** What names mean at the moment of the request. */
export interface LinkContext {
  /** Index of the master. */
  readonly master?: number;
  /** Open descriptor of the peer's namespace. */
  readonly peerNetns?: number;
}

/**
 * `ip link add NAME up …`; EEXIST where the name is taken. Master and IFF_UP are honoured at creation. Recent kernels
 * answer the new link, and with it the index of a veth's other end.
 */
export function encodeNewLink(batch: MessageBatch, link: VirtualLink, context: LinkContext): void {
  const flags = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO;
  batch.begin(p.RTM_NEWLINK, flags, linkHeader({ up: true, ...silence(context) })).string(p.IFLA_IFNAME, link.name);
  if (link.mac !== undefined) batch.bytes(p.IFLA_ADDRESS, parseMac(link.mac));
  const kind = kindOf(link);
  if (link.mtu !== undefined && kind.keepsMtu) batch.u32(p.IFLA_MTU, link.mtu);
  if (context.master !== undefined) batch.u32(p.IFLA_MASTER, context.master);
  batch.nested(p.IFLA_LINKINFO, () => {
    batch.string(p.IFLA_INFO_KIND, link.type);
    batch.nested(p.IFLA_INFO_DATA, () => kind.encodeData(batch, link, context.peerNetns));
  });
}

/** Gives a link that exists its settings: up, hardware address, MTU, master, and those of its kind. */
export function encodeSetLink(
  batch: MessageBatch,
  link: VirtualLink,
  context: LinkContext & Pick<LinkState, "index">,
): void {
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({ index: context.index, up: true, ...silence(context) }));
  if (link.mac !== undefined) batch.bytes(p.IFLA_ADDRESS, parseMac(link.mac));
  if (link.mtu !== undefined) batch.u32(p.IFLA_MTU, link.mtu);
  if (context.master !== undefined) batch.u32(p.IFLA_MASTER, context.master);
  const kind = kindOf(link);
  if (!kind.changeable) return;
  batch.nested(p.IFLA_LINKINFO, () => {
    batch.string(p.IFLA_INFO_KIND, link.type);
    batch.nested(p.IFLA_INFO_DATA, () => kind.encodeData(batch, link, context.peerNetns));
  });
}

/** A port replies to no ARP request: the bridge does. */
function silence({ master }: LinkContext): { readonly arp?: false } {
  return master === undefined ? {} : { arp: false };
}

/** `ip link set … type bridge_slave hairpin on isolated on`; the kernel accepts it only once the link is a port. */
export function encodePort(batch: MessageBatch, index: number, port: Pick<VethLink, "hairpin" | "isolated">): void {
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({ index })).nested(p.IFLA_LINKINFO, () => {
    batch.string(p.IFLA_INFO_SLAVE_KIND, "bridge");
    batch.nested(p.IFLA_INFO_SLAVE_DATA, () => {
      if (port.hairpin) batch.u8(p.IFLA_BRPORT_MODE, 1);
      if (port.isolated) batch.u8(p.IFLA_BRPORT_ISOLATED, 1);
    });
  });
}

/** `ip link set … alias ALIAS`; the kernel accepts it only once the link exists. */
export function encodeLinkAlias(batch: MessageBatch, index: number, alias: string): void {
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({ index })).string(p.IFLA_IFALIAS, alias);
}

/** Puts a link into a group, so that it can be deleted together with others. */
export function encodeLinkGroup(batch: MessageBatch, index: number, group: number): void {
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({ index })).u32(p.IFLA_GROUP, group);
}

/** `ip link delete`; ENODEV where it is gone. */
export function encodeDeleteLink(batch: MessageBatch, index: number): void {
  batch.begin(p.RTM_DELLINK, 0, linkHeader({ index }));
}

/** `ip link delete group GROUP`: one grace period of the kernel for all of them. */
export function encodeDeleteGroup(batch: MessageBatch, group: number): void {
  batch.begin(p.RTM_DELLINK, 0, linkHeader({})).u32(p.IFLA_GROUP, group);
}
