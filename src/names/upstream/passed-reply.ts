import * as codes from "../message/codes.js";
import type { Query } from "../message/query.js";
import { classAt, countsOf, type RecordPlace, ttlAt } from "../message/records.js";
import { writeFailure, writeOpt } from "../message/reply.js";
import type { ReceivedReply } from "./received-reply.js";

const OPT = 11;

/** For whom a reply is written that another server gave. */
export interface Passing {
  readonly query: Query;
  /** Octets that it may have. */
  readonly limit: number;
  /** Seconds for which the reply was kept; undefined if it came just now. */
  readonly age?: number;
}

/** The reply as the client gets it: with its own id and question, and with what is left of each TTL. */
export function passedReply(received: ReceivedReply, passing: Passing): Buffer {
  const { query, limit, age } = passing;
  if (received.questionEnd !== query.questionEnd) return writeFailure(query, received.code);
  const { message, records } = received;
  if (message.length > limit) return shortened(received, passing);
  const reply = Buffer.from(message);
  address(reply, query, age);
  for (const place of records) {
    if (place.type === codes.TYPE_OPT) reply.writeUInt16BE(codes.EDNS_UDP_SIZE, classAt(place));
    else if (age !== undefined) ageRecord(reply, place, age);
  }
  return reply;
}

/** What was kept is no longer from the authority, if it was. */
function address(reply: Buffer, { message, questionEnd }: Query, age: number | undefined): void {
  message.copy(reply, 0, 0, 2);
  message.copy(reply, codes.HEADER, codes.HEADER, questionEnd);
  reply[2] = ((reply[2] as number) & ~codes.RD) | ((message[2] as number) & codes.RD);
  if (age !== undefined) reply[2] = (reply[2] as number) & ~codes.AA;
}

function ageRecord(reply: Buffer, place: RecordPlace, age: number): void {
  const at = ttlAt(place);
  reply.writeUInt32BE(Math.max(0, reply.readUInt32BE(at) - age), at);
}

/**
 * The records of the first section that have room, and TC. Records point back into the message only, so those that stay
 * are whole.
 */
function shortened(received: ReceivedReply, { query, limit, age }: Passing): Buffer {
  const { message, records, questionEnd } = received;
  const room = limit - (query.edns === undefined ? 0 : OPT);
  const kept = records.slice(0, countsOf(message)[0]).filter(({ end }) => end <= room);
  const end = kept.at(-1)?.end ?? questionEnd;
  const reply = Buffer.alloc(end + (query.edns === undefined ? 0 : OPT));
  message.copy(reply, 0, 0, end);
  address(reply, query, age);
  reply[2] = (reply[2] as number) | codes.TC;
  reply.writeUInt16BE(kept.length, 6);
  reply.writeUInt32BE(0, 8);
  if (age !== undefined) for (const place of kept) ageRecord(reply, place, age);
  if (query.edns !== undefined) writeOpt(reply, end, query);
  return reply;
}
