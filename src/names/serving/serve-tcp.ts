import type { Server, Socket } from "node:net";
import { tcpServerOf } from "../transport/sockets.js";
import { Valve } from "../transport/valve.js";
import type { Respond } from "./responder.js";
import { TcpClient } from "./tcp-client.js";

/** Connections of one namespace; further ones wait in the kernel until one has ended. */
const MOST_CLIENTS = 32;

/** Replies on connections to the socket, each when `inTurn` has its job done. The returned function closes them all, and it. */
export function serveTcp(descriptor: number, respond: Respond, inTurn: (job: () => void) => void): () => Promise<void> {
  const sockets = new Set<Socket>();
  let closing: Promise<void> = Promise.resolve();
  let isOpen = true;
  const accept = (socket: Socket): void => {
    socket.on("error", () => undefined);
    if (!isOpen || sockets.size >= MOST_CLIENTS) {
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size < MOST_CLIENTS) inTurn(() => valve.open());
    });
    if (sockets.size === MOST_CLIENTS) valve.shut();
    new TcpClient(socket, respond, inTurn).begin();
  };
  const make = (duplicate: number): Server =>
    tcpServerOf()
      .on("error", () => undefined)
      .on("connection", accept)
      .listen({ fd: duplicate });
  const close = (server: Server): void => {
    closing = new Promise((closed) => server.close(() => closed()));
  };
  const valve = new Valve(descriptor, make, close);
  valve.open();
  return () => {
    isOpen = false;
    valve.end();
    // By a reset: a connection that ends in order stays in its namespace until the other side has agreed.
    for (const socket of sockets) socket.resetAndDestroy();
    return closing;
  };
}
