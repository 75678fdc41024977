import { randomBytes } from "node:crypto";
import { closeSync, constants, openSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import { kernelError } from "../../kernel/errno.js";
import { MessageBatch } from "../../kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../kernel/netlink/protocol.js";
import { isNetns, OWN_NETNS, openNetns } from "../../kernel/netns/netns.js";
import {
  findLink,
  type LinkHeader,
  type LinkState,
  linkHeader,
  listLinks,
  parseMac,
} from "../../kernel/rtnetlink/messages/link.js";
import { netnsId } from "../../kernel/rtnetlink/messages/netns-id.js";
import {
  IFLA_ADDRESS,
  IFLA_IFNAME,
  IFLA_MTU,
  IFLA_NET_NS_FD,
  RTM_NEWLINK,
} from "../../kernel/rtnetlink/messages/protocol.js";
import type { MovedLink } from "./endpoint-record.js";

/** Names of the links of a namespace. */
export function linkNames(netns: string): readonly string[] {
  using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
  return listLinks(socket).map(({ name }) => name);
}

/**
 * The link in its namespace, under whatever name the container has given it; undefined where it is not there. Its other end is
 * the host's: a container can choose kind, name and number of a link, and cannot make one that leads there.
 */
export function findMoved(netns: string, link: MovedLink): LinkState | undefined {
  if (!isNetns(netns)) return undefined;
  using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
  const home = hostIn(socket);
  const alike = listLinks(socket).filter(
    ({ kind, peer, peerNetns }) =>
      kind === link.kind && peer === link.peer && (peer === undefined || (home !== undefined && peerNetns === home)),
  );
  const isNamed = ({ name }: LinkState): boolean => name === link.name || name === link.source;
  return alike.find(isNamed) ?? (link.peer === undefined ? undefined : alike[0]);
}

/** The number by which the socket's namespace knows the host's; undefined while no link leads there. */
function hostIn(socket: NetlinkSocket): number | undefined {
  const host = openSync(OWN_NETNS, constants.O_RDONLY);
  try {
    return netnsId(socket, host);
  } finally {
    closeSync(host);
  }
}

/** Moves the host's link of that index into the namespace, where it gets its name at once. */
export function moveIn(netns: string, index: number, { source, name }: MovedLink): void {
  const target = openNetns(netns);
  try {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    change(socket, { index }, `move link ${source} to ${netns} as ${name}`, (batch) =>
      batch.u32(IFLA_NET_NS_FD, target).string(IFLA_IFNAME, name),
    );
  } finally {
    closeSync(target);
  }
}

/** Brings the link up under its name and hardware address. */
export function setUp(netns: string, found: LinkState, wanted: Pick<LinkState, "name" | "mac">): void {
  const { index, name, up } = found;
  const { mac = found.mac } = wanted;
  if (up && name === wanted.name && mac === found.mac) return;
  using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
  change(socket, { index, up: true }, `set up link ${wanted.name} in ${netns}`, (batch) => {
    if (name !== wanted.name) batch.string(IFLA_IFNAME, wanted.name);
    if (mac !== undefined && mac !== found.mac) batch.bytes(IFLA_ADDRESS, parseMac(mac));
  });
}

/**
 * Gives the host its link back as it was, under its name, or one like it where that is taken. It gets the name before it goes: what the
 * container calls it reaches no namespace of others. Does nothing for a link that is gone.
 */
export function moveBack(netns: string, link: MovedLink): void {
  const found = findMoved(netns, link);
  if (found === undefined) return;
  const { source, before } = link;
  let name = source;
  const target = openSync(OWN_NETNS, constants.O_RDONLY);
  try {
    using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
    try {
      leave(socket, target, { index: found.index, name });
    } catch (error) {
      if (!isRefusal(error, "EEXIST")) throw error;
      name = `${source.slice(0, 10)}-${randomBytes(2).toString("hex")}`;
      leave(socket, target, { index: found.index, name });
    }
    restore(name, before);
  } catch (error) {
    // The plug-in removed it meanwhile.
    if (!isRefusal(error, "ENODEV")) throw error;
  } finally {
    closeSync(target);
  }
}

/** Takes the link down, gives it the name, and moves it from the socket's namespace to that of the open descriptor. */
function leave(socket: NetlinkSocket, target: number, { index, name }: Pick<LinkState, "index" | "name">): void {
  change(socket, { index, down: true }, `take down link ${name}`);
  change(socket, { index }, `name link ${name}`, (batch) => batch.string(IFLA_IFNAME, name));
  change(socket, { index }, `move link ${name} to the host`, (batch) => batch.u32(IFLA_NET_NS_FD, target));
}

function restore(name: string, { up, mac, mtu }: MovedLink["before"]): void {
  using socket = new NetlinkSocket(NETLINK_ROUTE);
  const index = findLink(socket, name)?.index;
  if (index === undefined) return;
  change(socket, { index, ...(up ? { up } : {}) }, `set up link ${name} as it was`, (batch) => {
    if (mac !== undefined) batch.bytes(IFLA_ADDRESS, parseMac(mac));
    if (mtu !== undefined) batch.u32(IFLA_MTU, mtu);
  });
}

function isRefusal(error: unknown, errno: string): boolean {
  return TsdError.is(error) && error.details.errno === errno;
}

function change(
  socket: NetlinkSocket,
  header: LinkHeader,
  what: string,
  encode: (batch: MessageBatch) => unknown = () => undefined,
): void {
  const batch = new MessageBatch().begin(RTM_NEWLINK, 0, linkHeader(header));
  encode(batch);
  const [failure] = socket.exchange(batch, { what: () => what }).failures;
  if (failure !== undefined) throw kernelError({ operation: what, ...failure });
}
