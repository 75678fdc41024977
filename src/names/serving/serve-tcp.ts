import type { Server, Socket } from "node:net";
import type { Respond } from "./responder.js";
import { TcpClient } from "./tcp-client.js";

/** Connections of one namespace; a further one is closed at once. */
const MOST_CLIENTS = 32;

/** Replies on connections that `server` accepts. The returned function closes them all, and it. */
export function serveTcp(server: Server, respond: Respond): () => Promise<void> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  server.on("error", () => undefined);
  server.on("connection", (socket) => {
    socket.on("error", () => undefined);
    if (!isOpen || sockets.size >= MOST_CLIENTS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    new TcpClient(socket, respond).begin();
  });
  return () => {
    isOpen = false;
    const closed = new Promise<void>((done) => server.close(() => done()));
    // By a reset: a connection that ends in order stays in its namespace until the other side has agreed.
    for (const socket of sockets) socket.resetAndDestroy();
    return closed;
  };
}
