import { randomBytes } from "node:crypto";

/** Types of messages: RFC 792 and RFC 4443. */
const types = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const;
/** Type, code, checksum, identifier, sequence number. */
const HEADER = 8;

/** An echo request with an identifier of its own. The kernel fills in the checksum of IPv6, which covers addresses. */
export function echoRequest(family: 4 | 6): Buffer {
  const message = Buffer.concat([Buffer.alloc(HEADER), Buffer.from("tsd probe")]);
  message[0] = types[family].request;
  randomBytes(2).copy(message, 4);
  message.writeUInt16BE(1, 6);
  if (family === 4) message.writeUInt16BE(checksum(message), 2);
  return message;
}

/** Whether a message that a raw socket got is the reply to `request`. Those of IPv4 begin with the header of IP (raw(7)). */
export function isEchoReply(family: 4 | 6, received: Buffer, request: Buffer): boolean {
  const start = family === 4 ? ((received[0] ?? 0) & 0x0f) * 4 : 0;
  const message = received.subarray(start);
  return message[0] === types[family].reply && message.subarray(4, HEADER).equals(request.subarray(4, HEADER));
}

/** RFC 1071. */
function checksum(message: Buffer): number {
  let sum = 0;
  for (let at = 0; at < message.length; at += 2) sum += ((message[at] ?? 0) << 8) | (message[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
