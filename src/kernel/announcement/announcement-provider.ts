import { setTimeout as sleep } from "node:timers/promises";
import { familyOf } from "../../api/address-family.js";
import type { Drift, Provider } from "../../api/provider.js";
import type { Announcement } from "../../api/resource.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { inNetns } from "../netns/netns.js";
import { findLink, findNamedLinks, type LinkState } from "../rtnetlink/messages/link.js";
import { announceByArp, forgetNeighbours } from "../rtnetlink/messages/neighbour.js";
import { nsenterCommand } from "../rtnetlink/session/nsenter-command.js";
import { advertise } from "./advertisement.js";

/** A bridge that is down listens to no port. */
const MAX_LOOKS = 20;
/** Milliseconds. */
const BETWEEN_LOOKS = 2;

/** Says to neighbours and to the host where an address is reached, whatever they remember. What is said cannot be inspected. */
export class AnnouncementProvider implements Provider<"announcement"> {
  readonly kinds = ["announcement"] as const;

  async ensure(resources: readonly Announcement[]): Promise<void> {
    if (resources.length === 0) return;
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const found = findNamedLinks(
      socket,
      resources.map(({ port }) => port),
    );
    const ports = new Map(found.map((link) => [link.name, link]));
    await Promise.all(resources.map((resource) => announce(socket, resource, ports.get(resource.port))));
  }

  async remove(): Promise<void> {}

  async inspect(): Promise<readonly Drift[]> {
    return [];
  }

  /** The words of arping(8), and of ndsend(8), which says it once. */
  async describe(verb: "ensure" | "remove", resources: readonly Announcement[]): Promise<readonly string[]> {
    const spoken = verb === "remove" ? [] : resources.filter(({ times }) => times > 0);
    return spoken.flatMap(({ netns, link, addresses, times }) =>
      addresses.map((address) =>
        nsenterCommand(
          netns,
          familyOf(address) === 6 ? `ndsend ${address} ${link}` : `arping -U -c ${times} -I ${link} ${address}`,
        ),
      ),
    );
  }
}

async function announce(socket: NetlinkSocket, resource: Announcement, port: LinkState | undefined): Promise<void> {
  const { netns, times, interval } = resource;
  const bridge = await bridgeThatListens(socket, port);
  if (bridge !== undefined) forgetNeighbours(socket, bridge, resource);
  for (let time = 1; time <= times; time++) {
    if (time > 1) await sleep(interval);
    if (netns === undefined) send(resource);
    else inNetns(netns, () => send(resource));
  }
}

/** From the calling thread's namespace. */
function send({ link, mac, addresses }: Announcement): void {
  using socket = new NetlinkSocket(NETLINK_ROUTE);
  const index = socket.linkIndex(link);
  if (index === undefined) return;
  const sender = { name: link, index };
  for (const address of addresses) {
    if (familyOf(address) === 6) advertise(sender, mac, address);
    else announceByArp(socket, sender, address);
  }
}

/** The index of the port's bridge, once that takes frames from it, which is as good as at once; undefined for no port. */
async function bridgeThatListens(socket: NetlinkSocket, port: LinkState | undefined): Promise<number | undefined> {
  let found = port;
  for (let look = 1; found?.disabled && look < MAX_LOOKS; look++) {
    await sleep(BETWEEN_LOOKS);
    found = findLink(socket, found.name);
  }
  return found?.master;
}
