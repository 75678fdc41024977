import { createSocket, type SocketType, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server as TcpServer } from "node:net";
import type { NameViews } from "../contracts/index.js";

/** Replies to DNS queries that come by sockets of several namespaces; a query means what the view of its namespace says. */
export interface NameServer {
  /** Serves a socket of {@link udpSocketOf} that is bound in the namespace. It is the server's to close. */
  udp(netns: string, socket: UdpSocket): void;
  /** Serves a server of {@link tcpServerOf} that listens in the namespace. It and its connections are the server's to close. */
  tcp(netns: string, server: TcpServer): void;
  /** Closes all sockets of the namespace. Once settled none of them keeps the namespace alive. */
  close(netns: string): Promise<void>;
  /** Closes all sockets of all namespaces, and gives up what other name servers have not replied to. */
  stop(): Promise<void>;
}

/** A socket for {@link NameServer.udp}, to be bound to an address or by `{ fd }`. */
export function udpSocketOf(type: SocketType): UdpSocket {
  return createSocket({ type, lookup: (host, _options, done) => done(null, host, type === "udp6" ? 6 : 4) });
}

/** A server for {@link NameServer.tcp}, to listen on an address or by `{ fd }`. */
export function tcpServerOf(): TcpServer {
  return createServer({ allowHalfOpen: true, noDelay: true });
}

export function createNameServer(views: NameViews): NameServer {
  const open = new Map<string, (UdpSocket | TcpServer)[]>();
  const keep = (netns: string, handle: UdpSocket | TcpServer): void => {
    open.set(netns, [...(open.get(netns) ?? []), handle]);
    if (views.of(netns) === undefined) handle.unref();
  };
  const close = async (netns: string): Promise<void> => {
    const handles = open.get(netns) ?? [];
    open.delete(netns);
    await Promise.all(handles.map((handle) => new Promise<void>((done) => handle.close(() => done()))));
  };
  return {
    udp: keep,
    tcp: keep,
    close,
    stop: async () => void (await Promise.all([...open.keys()].map(close))),
  };
}
