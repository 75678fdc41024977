import { randomInt } from "node:crypto";
import { connect } from "node:net";
import { LARGEST_MESSAGE } from "../message/codes.js";
import { FrameReader, frame } from "../transport/frames.js";
import type { Exchange } from "./exchange.js";
import { receivedReply } from "./received-reply.js";

/** By TCP, on a connection of its own. A server that sends anything else than the reply is not asked further. */
export const streamExchange: Exchange = ({ host, family, port }, { message, question }, done) => {
  const socket = connect({ host, family, port, noDelay: true });
  const id = randomInt(0x1_0000);
  const frames = new FrameReader(LARGEST_MESSAGE);
  let isOpen = true;
  const close = (): boolean => {
    if (!isOpen) return false;
    isOpen = false;
    socket.destroy();
    return true;
  };
  const fail = (): void => {
    if (close()) done(undefined);
  };
  socket.on("error", fail);
  socket.on("close", fail);
  socket.on("data", (chunk: Buffer) => {
    frames.push(chunk);
    const received = frames.next();
    if (received === undefined) return;
    const reply = receivedReply(received, id, question);
    if (close()) done(reply);
  });
  const asked = Buffer.from(message);
  asked.writeUInt16BE(id, 0);
  socket.write(frame(asked));
  return close;
};
