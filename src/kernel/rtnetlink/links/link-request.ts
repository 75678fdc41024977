import type { MessageBatch } from "../../netlink/message-batch.js";
import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL } from "../../netlink/protocol.js";
import { kindOf, type LinkKinds } from "../link-kinds/kind-of.js";
import type { LinkNumbers, VirtualLink } from "../link-kinds/link-kind.js";
import { encodeQueues } from "../link-kinds/veth.js";
import { type LinkState, linkHeader, parseMac } from "../messages/link.js";
import * as p from "../messages/protocol.js";

/** What names mean at the moment of the request. */
export interface LinkContext extends Pick<LinkNumbers, "peerNetns"> {
  /** Index of the master. */
  readonly master?: number;
  /** Of extensions. */
  readonly kinds?: LinkKinds;
}

export interface FoundLink {
  readonly found: LinkState;
}

/** What the names of a replaceable link mean at the moment of the request. */
export interface PassingContext {
  /** The name that it has until it gets its own. */
  readonly passingName: string;
  /** Index of the link that it stands on. */
  readonly parent?: number;
  /** Open descriptor of the namespace where it is to live. */
  readonly netns?: number;
  readonly kinds: LinkKinds;
}

/** A link that gets its own name. */
interface NamedLink {
  readonly index: number;
  readonly name: string;
  readonly mark: string | undefined;
  /** Index of the master. */
  readonly master: number | undefined;
  readonly up: boolean;
}

/**
 * `ip link add NAME up …`; EEXIST where the name is taken. Master and IFF_UP are honoured at creation. Recent kernels
 * answer the new link, and with it the index of a veth's other end.
 */
export function encodeNewLink(batch: MessageBatch, link: VirtualLink, context: LinkContext): void {
  const flags = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO;
  batch
    .begin(p.RTM_NEWLINK, flags, linkHeader({ up: true, ...silence(link, context) }))
    .string(p.IFLA_IFNAME, link.name);
  if (link.mac !== undefined) batch.bytes(p.IFLA_ADDRESS, parseMac(link.mac));
  const kind = kindOf(link, context.kinds);
  if (link.mtu !== undefined && kind.keepsMtu) batch.u32(p.IFLA_MTU, link.mtu);
  if (context.master !== undefined) batch.u32(p.IFLA_MASTER, context.master);
  if (link.type === "veth") {
    if (link.group !== undefined) batch.u32(p.IFLA_GROUP, link.group);
    encodeQueues(batch);
  }
  batch.nested(p.IFLA_LINKINFO, () => {
    batch.string(p.IFLA_INFO_KIND, link.type);
    batch.nested(p.IFLA_INFO_DATA, () => kind.encodeData(batch, link, context));
  });
}

/**
 * Gives a link that exists its settings: up, hardware address, MTU, master, and those of its kind. An address that it has already is
 * left out: the kernel forgets all neighbours behind a link when its address is set, permanent ones too.
 */
export function encodeSetLink(batch: MessageBatch, link: VirtualLink, context: LinkContext & FoundLink): void {
  const { found } = context;
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({ index: found.index, up: true, ...silence(link, context) }));
  if (link.mac !== undefined && link.mac.toLowerCase() !== found.mac) batch.bytes(p.IFLA_ADDRESS, parseMac(link.mac));
  if (link.mtu !== undefined) batch.u32(p.IFLA_MTU, link.mtu);
  if (context.master !== undefined) batch.u32(p.IFLA_MASTER, context.master);
  if (link.type === "veth" && link.group !== undefined) batch.u32(p.IFLA_GROUP, link.group);
  const kind = kindOf(link, context.kinds);
  if (!kind.changeable) return;
  batch.nested(p.IFLA_LINKINFO, () => {
    batch.string(p.IFLA_INFO_KIND, link.type);
    batch.nested(p.IFLA_INFO_DATA, () => kind.encodeData(batch, link, context));
  });
}

/**
 * `ip link add link PARENT name PASSING netns NETNS …`, not up. EEXIST where the name is taken, or the parent has one like it
 * that cannot be twice; EBUSY where the parent is used otherwise.
 */
export function encodePassingLink(batch: MessageBatch, link: VirtualLink, context: PassingContext): void {
  const { passingName, parent, netns, kinds } = context;
  batch.begin(p.RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, linkHeader({})).string(p.IFLA_IFNAME, passingName);
  if (link.mac !== undefined) batch.bytes(p.IFLA_ADDRESS, parseMac(link.mac));
  if (link.mtu !== undefined) batch.u32(p.IFLA_MTU, link.mtu);
  const kind = kindOf(link, kinds);
  if (parent !== undefined && !kind.parentInData) batch.u32(p.IFLA_LINK, parent);
  if (netns !== undefined) batch.u32(p.IFLA_NET_NS_FD, netns);
  batch.nested(p.IFLA_LINKINFO, () => {
    batch.string(p.IFLA_INFO_KIND, link.type);
    batch.nested(p.IFLA_INFO_DATA, () => kind.encodeData(batch, link, parent === undefined ? {} : { parent }));
  });
}

/** `ip link set … name NAME alias ALIAS master MASTER`, up if `up` and it becomes no port. EEXIST where the name is taken. */
export function encodeNamedLink(batch: MessageBatch, { index, name, mark, master, up }: NamedLink): void {
  const isPort = master !== undefined;
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({ index, up: up && !isPort, ...(isPort ? { arp: false } : {}) }));
  batch.string(p.IFLA_IFNAME, name);
  if (mark !== undefined) batch.string(p.IFLA_IFALIAS, mark);
  if (isPort) batch.u32(p.IFLA_MASTER, master);
}

/** A port replies to no ARP request: the bridge does. */
function silence(link: VirtualLink, { master }: LinkContext): { readonly arp?: boolean } {
  return master === undefined ? {} : { arp: link.type === "veth" && link.proxied === true };
}

export interface PortSettings {
  readonly hairpin: boolean;
  readonly isolated: boolean;
  /** Who is behind it is in entries that tsd makes: it learns none, and the bridge replies in their place. */
  readonly tunnel: boolean;
}

/** `ip link set … type bridge_slave hairpin on isolated on`; the kernel accepts it only once the link is a port. */
export function encodePort(batch: MessageBatch, index: number, port: PortSettings): void {
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({ index })).nested(p.IFLA_LINKINFO, () => {
    batch.string(p.IFLA_INFO_SLAVE_KIND, "bridge");
    batch.nested(p.IFLA_INFO_SLAVE_DATA, () => {
      if (port.hairpin) batch.u8(p.IFLA_BRPORT_MODE, 1);
      batch.u8(p.IFLA_BRPORT_ISOLATED, port.isolated ? 1 : 0);
      if (!port.tunnel) return;
      batch.u8(p.IFLA_BRPORT_LEARNING, 0).u8(p.IFLA_BRPORT_UNICAST_FLOOD, 0).u8(p.IFLA_BRPORT_NEIGH_SUPPRESS, 1);
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
