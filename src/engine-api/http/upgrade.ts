import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { refusal } from "./refusal.js";

/** Bytes of the body of a request that asks for an upgrade: the JSON of `exec start`. */
const LARGEST = 1 << 20;
/** Milliseconds for it to arrive. */
const ARRIVAL = 10_000;

/**
 * The body of a request that asks for an upgrade. Node.js 26 gives it as the request's; Node.js 24 leaves it at the beginning of
 * `head`, or on the socket (nodejs/node#58394). What follows it is put back on the socket, where the upgraded stream begins.
 */
export async function takeBody(request: IncomingMessage, socket: Socket, head: Buffer): Promise<Readable> {
  const size = Number(request.headers["content-length"] ?? 0);
  if (!(size <= LARGEST)) throw refusal(413, `the body of the request has more than ${LARGEST} bytes`);
  const given = await ofRequest(request, size);
  if (given.length >= size) {
    if (head.length > 0) socket.unshift(head);
    return Readable.from(size === 0 ? [] : [given]);
  }
  const all = await ofSocket(socket, Buffer.concat([given, head]), size);
  if (all.length > size) socket.unshift(all.subarray(size));
  return Readable.from([all.subarray(0, size)]);
}

async function ofRequest(request: IncomingMessage, size: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > size) throw refusal(400, "the body of the request is longer than its Content-Length");
  }
  return Buffer.concat(chunks);
}

function ofSocket(socket: Socket, begun: Buffer, size: number): Promise<Buffer> {
  let all = begun;
  if (all.length >= size) return Promise.resolve(all);
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      socket.off("data", onData);
      socket.off("end", onEnd);
      socket.off("close", onEnd);
      socket.pause();
    };
    const onEnd = (): void => {
      settle();
      reject(refusal(400, "the request ended before its body"));
    };
    const timer = setTimeout(() => {
      settle();
      reject(refusal(408, "the body of the request does not end"));
    }, ARRIVAL);
    const onData = (chunk: Buffer): void => {
      all = Buffer.concat([all, chunk]);
      if (all.length < size) return;
      settle();
      resolve(all);
    };
    socket.on("data", onData);
    socket.once("end", onEnd);
    socket.once("close", onEnd);
  });
}
