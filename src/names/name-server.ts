import type { Socket as UdpSocket } from "node:dgram";
import type { Server as TcpServer } from "node:net";
import { monotonicTime } from "../contracts/clock.js";
import type { NameViews } from "../contracts/index.js";
import { LoadBounds } from "./serving/load-bounds.js";
import { type Respond, Responder } from "./serving/responder.js";
import { serveTcp } from "./serving/serve-tcp.js";
import { serveUdp } from "./serving/serve-udp.js";
import { Forwarder, type Transport } from "./upstream/forwarder.js";

export { tcpServerOf, udpSocketOf } from "./transport/sockets.js";

/** Replies to DNS queries that come by sockets of several namespaces; a name means what the view of its namespace says. */
export interface NameServer {
  /** Serves a socket of `udpSocketOf` that is bound in the namespace. From now on it is the server's to close. */
  udp(netns: string, socket: UdpSocket): void;
  /** Serves a server of `tcpServerOf` that listens in the namespace. From now on it is the server's to close. */
  tcp(netns: string, server: TcpServer): void;
  /** Closes all sockets of the namespace. Once settled none of them keeps the namespace alive. */
  close(netns: string): Promise<void>;
  /** Closes all sockets of all namespaces, and gives up what other name servers have not replied to. */
  stop(): Promise<void>;
}

/** `now` is a clock in milliseconds that never goes back. */
export function createNameServer(views: NameViews, now = monotonicTime): NameServer {
  const forwarder = new Forwarder(now);
  const responder = new Responder(forwarder, new LoadBounds());
  const closers = new Map<string, (() => Promise<void>)[]>();

  const respondIn = (netns: string, transport: Transport): Respond => {
    const asker = { netns, transport, view: () => views.of(netns) };
    return (message) => responder.respond(message, asker);
  };
  const keep = (netns: string, closer: () => Promise<void>): void => {
    closers.set(netns, [...(closers.get(netns) ?? []), closer]);
  };
  const close = async (netns: string): Promise<void> => {
    const own = closers.get(netns) ?? [];
    closers.delete(netns);
    await Promise.all(own.map((closer) => closer()));
  };
  return {
    udp: (netns, socket) => keep(netns, serveUdp(socket, respondIn(netns, "udp"))),
    tcp: (netns, server) => keep(netns, serveTcp(server, respondIn(netns, "tcp"))),
    close,
    async stop() {
      forwarder.stop();
      await Promise.all([...closers.keys()].map(close));
    },
  };
}
