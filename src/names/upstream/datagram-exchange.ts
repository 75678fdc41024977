import { randomInt } from "node:crypto";
import type { AddressInfo } from "node:net";
import { udpSocketOf } from "../transport/sockets.js";
import type { Exchange } from "./exchange.js";
import { receivedReply } from "./received-reply.js";

/**
 * By UDP, from a socket of its own: so the kernel draws a port for each question, which with the id is what an impostor has to
 * guess (RFC 5452). What does not fit is ignored, and the real reply can still come.
 */
export const datagramExchange: Exchange = ({ host, family, port }, { message, question }, done) => {
  const socket = udpSocketOf(family === 4 ? "udp4" : "udp6");
  const id = randomInt(0x1_0000);
  let isOpen = true;
  const close = (): boolean => {
    if (!isOpen) return false;
    isOpen = false;
    socket.close();
    return true;
  };
  const fail = (): void => {
    if (close()) done(undefined);
  };
  const ask = (peer: AddressInfo): void => {
    // Between bind and connect, datagrams of others came in too.
    socket.on("message", (received, from) => {
      if (from.port !== peer.port || from.address !== peer.address) return;
      const reply = receivedReply(received, id, question);
      if (reply !== undefined && close()) done(reply);
    });
    const asked = Buffer.from(message);
    asked.writeUInt16BE(id, 0);
    socket.send(asked, (error) => {
      if (error) fail();
    });
  };
  socket.on("error", fail);
  socket.on("connect", () => {
    if (!isOpen) return;
    try {
      ask(socket.remoteAddress());
    } catch {
      // Bun reports a connection that was refused as made.
      fail();
    }
  });
  socket.connect(port, host);
  return close;
};
