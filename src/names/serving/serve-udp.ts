import type { RemoteInfo, Socket } from "node:dgram";
import { udpSocketOf } from "../transport/sockets.js";
import { Valve } from "../transport/valve.js";
import { LARGEST_QUERY } from "./largest-query.js";
import type { Reply, Respond } from "./responder.js";

/** Datagrams that wait for their turn. Above it none is read until some have had theirs. */
const MOST_WAITING = 256;
/** Octets that wait to be sent, above which replies are dropped as the network would drop them. */
const MOST_UNSENT = 1 << 20;

/** Replies to datagrams that come by the socket, each when `inTurn` has its job done. The returned function closes it. */
export function serveUdp(descriptor: number, respond: Respond, inTurn: (job: () => void) => void): () => Promise<void> {
  let waiting = 0;
  let closing: Promise<void> = Promise.resolve();
  const send = (reply: Reply, { port, address }: RemoteInfo): void => {
    const socket = reply === undefined ? undefined : valve.open();
    if (reply !== undefined && socket !== undefined && socket.getSendQueueSize() <= MOST_UNSENT)
      socket.send(reply, port, address);
  };
  const receive = (message: Buffer, from: RemoteInfo): void => {
    // 0 is what only a forged datagram comes from.
    if (from.port === 0 || message.length > LARGEST_QUERY || waiting >= MOST_WAITING) return;
    waiting += 1;
    if (waiting === MOST_WAITING) valve.shut();
    inTurn(() => {
      waiting -= 1;
      if (valve.open() === undefined) return;
      const reply = respond(message);
      if (reply instanceof Promise) void reply.then((later) => send(later, from));
      else send(reply, from);
    });
  };
  const make = (duplicate: number): Socket => {
    const socket = udpSocketOf("udp4");
    // A client that is gone, or a full queue: datagrams are lost like this anywhere.
    socket.on("error", () => undefined).on("message", receive);
    return socket.bind({ fd: duplicate });
  };
  const close = (socket: Socket): void => {
    closing = new Promise((closed) => socket.close(() => closed()));
  };
  const valve = new Valve(descriptor, make, close);
  valve.open();
  return () => {
    valve.end();
    return closing;
  };
}
