import { randomBytes } from "node:crypto";
import { closeSync, constants, openSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import { kernelError } from "../../kernel/errno.js";
import { MessageBatch } from "../../kernel/netlink/message-batch.js";
import { NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../kernel/netlink/protocol.js";
import { isNetns, OWN_NETNS, openNetns } from "../../kernel/netns/netns.js";
import {
  type LinkHeader,
  type LinkState,
  linkHeader,
  listLinks,
  parseMac,
} from "../../kernel/rtnetlink/messages/link.js";
import { IFLA_ADDRESS, IFLA_IFNAME, IFLA_NET_NS_FD, RTM_NEWLINK } from "../../kernel/rtnetlink/messages/protocol.js";
import type { MovedLink } from "./endpoint-record.js";

/** Names of the links of a namespace. */
export function linkNames(netns: string): readonly string[] {
  using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
  return listLinks(socket).map(({ name }) => name);
}

/** The link in its namespace, under whatever name the container has given it; undefined where it is not there. */
export function findMoved(netns: string, link: MovedLink): LinkState | undefined {
  if (!isNetns(netns)) return undefined;
  using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
  const alike = listLinks(socket).filter(({ kind, peer }) => kind === link.kind && peer === link.peer);
  const isNamed = ({ name }: LinkState): boolean => name === link.name || name === link.source;
  return alike.find(isNamed) ?? (link.peer === undefined ? undefined : alike[0]);
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
 * Gives the host its link back, under its name, or one like it where that is taken. It gets the name before it goes: what the
 * container calls it reaches no namespace of others. Does nothing for a link that is gone.
 */
export function moveBack(netns: string, link: MovedLink): void {
  const found = findMoved(netns, link);
  if (found === undefined) return;
  const { source } = link;
  const target = openSync(OWN_NETNS, constants.O_RDONLY);
  try {
    using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
    try {
      leave(socket, target, { index: found.index, name: source });
    } catch (error) {
      if (!isRefusal(error, "EEXIST")) throw error;
      leave(socket, target, { index: found.index, name: `${source.slice(0, 10)}-${randomBytes(2).toString("hex")}` });
    }
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
