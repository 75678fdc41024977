import { closeSync } from "node:fs";
import { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../netlink/protocol.js";
import { openNetns } from "../../netns/netns.js";

/** A process may have few descriptors, and a call many namespaces. */
const MOST_SOCKETS = 64;

/** The namespaces that one call works in: the host by a socket that is lent, others opened and closed at the end. */
export class Namespaces implements Disposable {
  private readonly descriptors = new Map<string, number>();
  private readonly sockets = new Map<string, NetlinkSocket>();

  constructor(private readonly host: NetlinkSocket) {}

  /** The rtnetlink socket of a namespace. Throws `not-found` or `invalid-input` where there is none at `netns`. */
  at(netns: string | undefined): NetlinkSocket {
    if (netns === undefined) return this.host;
    const known = this.sockets.get(netns);
    if (known !== undefined) return known;
    const [[oldest, unused] = []] = this.sockets.size < MOST_SOCKETS ? [] : this.sockets;
    if (oldest !== undefined) this.sockets.delete(oldest);
    unused?.close();
    const socket = new NetlinkSocket(NETLINK_ROUTE, this.descriptor(netns));
    this.sockets.set(netns, socket);
    return socket;
  }

  /** A descriptor of the namespace, valid until disposal, as IFLA_NET_NS_FD wants one. Throws as {@link at}. */
  descriptor(netns: string): number {
    const known = this.descriptors.get(netns);
    if (known !== undefined) return known;
    const descriptor = openNetns(netns);
    this.descriptors.set(netns, descriptor);
    return descriptor;
  }

  [Symbol.dispose](): void {
    for (const socket of this.sockets.values()) socket.close();
    for (const descriptor of this.descriptors.values()) closeSync(descriptor);
    this.sockets.clear();
    this.descriptors.clear();
  }
}
