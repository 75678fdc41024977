import { closeSync } from "node:fs";
import { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../netlink/protocol.js";
import { inNetns, openNetns } from "../../netns/netns.js";

/** A process may have few descriptors, and a call many namespaces. */
const MOST_SOCKETS = 64;

/** Something that is done beside messages, with the thread in the namespace. Synchronous, as {@link inNetns}. */
export type Errand = () => void;

/** The namespaces that one call works in: the host by a socket that is lent, others opened and closed at the end. */
export class Namespaces implements Disposable {
  private readonly descriptors = new Map<string, number>();
  private readonly sockets = new Map<string, NetlinkSocket>();

  constructor(private readonly host: NetlinkSocket) {}

  /**
   * The rtnetlink socket of a namespace, after `errands` done in it: opening the one and doing the others enters it once.
   * Throws `not-found` or `invalid-input` where there is none at `netns`.
   */
  at(netns: string | undefined, errands: readonly Errand[] = []): NetlinkSocket {
    if (netns === undefined) return this.host;
    const known = this.sockets.get(netns);
    if (known !== undefined && errands.length === 0) return known;
    return inNetns(this.descriptor(netns), () => {
      for (const errand of errands) errand();
      return known ?? this.open(netns);
    });
  }

  /** With the thread in the namespace. */
  private open(netns: string): NetlinkSocket {
    const [[oldest, unused] = []] = this.sockets.size < MOST_SOCKETS ? [] : this.sockets;
    if (oldest !== undefined) this.sockets.delete(oldest);
    unused?.close();
    const socket = new NetlinkSocket(NETLINK_ROUTE);
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
