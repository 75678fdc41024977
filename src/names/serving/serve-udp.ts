import type { RemoteInfo, Socket } from "node:dgram";
import type { Reply, Respond } from "./responder.js";

/** Octets that wait to be sent, above which replies are dropped as the network would drop them. */
const MOST_WAITING = 1 << 20;

/** Replies to datagrams that come by `socket`. The returned function closes it. */
export function serveUdp(socket: Socket, respond: Respond): () => Promise<void> {
  let isOpen = true;
  // A client that is gone, or a full queue: datagrams are lost like this anywhere.
  socket.on("error", () => undefined);
  const send = (reply: Reply, { port, address }: RemoteInfo): void => {
    if (reply === undefined || !isOpen || socket.getSendQueueSize() > MOST_WAITING) return;
    socket.send(reply, port, address);
  };
  socket.on("message", (message, from) => {
    // 0 is what only a forged datagram comes from.
    if (!isOpen || from.port === 0) return;
    const reply = respond(message);
    if (reply instanceof Promise) void reply.then((later) => send(later, from));
    else send(reply, from);
  });
  return () => {
    isOpen = false;
    return new Promise((closed) => socket.close(() => closed()));
  };
}
