import { createSocket, type SocketType, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server as TcpServer } from "node:net";

/**
 * A socket for datagrams, to be bound to an address or by `{ fd }`; it is bound before `bind` returns. What it sends goes to
 * addresses: looking them up as names, as Node.js does by default, costs more than the rest of a reply.
 */
export function udpSocketOf(type: SocketType): UdpSocket {
  const family = type === "udp4" ? 4 : 6;
  return createSocket({ type, lookup: (host, _options, done) => done(null, host, family) });
}

/** A server of connections, to listen on an address or by `{ fd }`. Clients may end their half first, and then read. */
export function tcpServerOf(): TcpServer {
  return createServer({ allowHalfOpen: true, noDelay: true });
}
