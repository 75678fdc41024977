import * as codes from "./codes.js";
import type { Query } from "./query.js";

/** A record of the name that was asked for. */
export interface OwnRecord {
  readonly type: number;
  readonly data: Buffer;
}

/** What a reply says, beside the question. */
export interface ReplyContent {
  readonly code: number;
  /** The name is tsd's own to say. */
  readonly authoritative: boolean;
  readonly records: readonly OwnRecord[];
}

/** Name (a pointer to the question's), type, class, TTL, length of data. */
const RECORD = 12;
const TO_QUESTION = 0xc000 | codes.HEADER;

/**
 * Clients keep nothing: a name moves to another address with each restart of a container, and one that was not there a moment
 * ago may be there now. RFC 1035 §3.2.1 has this value for "extremely volatile data".
 */
const TTL = 0;

/**
 * A reply without records has the SOA of a zone, or clients keep it as long as they like (RFC 2308 §5). This is the root's with
 * all numbers zero: whatever the name is, it is in there, and nothing is kept for longer than 0 s.
 */
const SOA = Buffer.from([0, 0, codes.TYPE_SOA, 0, codes.CLASS_IN, 0, 0, 0, TTL, 0, 22, ...new Uint8Array(22)]);

/** Root, type, size in place of the class, four octets in place of the TTL, no data. */
const OPT = 11;

/**
 * A reply of at most `limit` octets. Records that have no room are left out, and TC says so: clients without TCP take what
 * there is.
 */
export function writeReply(query: Query, { code, authoritative, records }: ReplyContent, limit: number): Buffer {
  const tail = query.edns === undefined ? 0 : OPT;
  const hasSoa = records.length === 0 && (code === codes.NOERROR || code === codes.NXDOMAIN);
  const room = limit - query.questionEnd - tail;
  const fitting = fitInto(room, records);
  const length = query.questionEnd + (hasSoa ? SOA.length : fitting.length) + tail;
  const reply = Buffer.allocUnsafe(length);
  writeHead(reply, query, code);
  if (authoritative) reply[2] = (reply[2] as number) | codes.AA;
  if (fitting.count < records.length) reply[2] = (reply[2] as number) | codes.TC;
  reply.writeUInt16BE(fitting.count, 6);
  reply.writeUInt16BE(hasSoa ? 1 : 0, 8);
  let at = query.questionEnd;
  if (hasSoa) at += SOA.copy(reply, at);
  for (let index = 0; index < fitting.count; index += 1) at = writeRecord(reply, at, records[index] as OwnRecord);
  if (query.edns !== undefined) writeOpt(reply, at, query, code);
  return reply;
}

/** A reply without records: it failed, or was refused. */
export function writeFailure(query: Query, code: number): Buffer {
  return writeReply(query, { code, authoritative: false, records: [] }, codes.PLAIN_UDP_SIZE);
}

/** Largest datagram for the client: what it says (RFC 6891 §6.2.3: less than 512 counts as 512), within tsd's own bound. */
export function udpLimit({ edns }: Query): number {
  return Math.min(Math.max(edns?.size ?? 0, codes.PLAIN_UDP_SIZE), codes.LARGEST_UDP_REPLY);
}

/** Header and question, the latter to the letter: clients draw its case at random and compare (0x20). */
function writeHead(reply: Buffer, { message, questionEnd }: Query, code: number): void {
  message.copy(reply, 0, 0, questionEnd);
  reply[2] = codes.QR | ((message[2] as number) & (codes.OPCODE | codes.RD));
  reply[3] = codes.RA | ((message[3] as number) & codes.CD) | (code & codes.RCODE);
  reply.writeUInt16BE(questionEnd > codes.HEADER ? 1 : 0, 4);
  reply.writeUInt32BE(0, 6);
  reply.writeUInt16BE(0, 10);
}

/** Writes OPT at `at`, and counts it. */
export function writeOpt(reply: Buffer, at: number, { edns }: Query, code = codes.NOERROR): void {
  reply[at] = 0;
  reply.writeUInt16BE(codes.TYPE_OPT, at + 1);
  reply.writeUInt16BE(codes.EDNS_UDP_SIZE, at + 3);
  reply.writeUInt32BE(((code >> 4) << 24) | (edns?.dnssecOk ? 0x8000 : 0), at + 5);
  reply.writeUInt16BE(0, at + 9);
  reply.writeUInt16BE(1, 10);
}

function fitInto(room: number, records: readonly OwnRecord[]): { readonly count: number; readonly length: number } {
  let length = 0;
  let count = 0;
  for (const { data } of records) {
    if (length + RECORD + data.length > room) break;
    length += RECORD + data.length;
    count += 1;
  }
  return { count, length };
}

function writeRecord(reply: Buffer, at: number, { type, data }: OwnRecord): number {
  reply.writeUInt16BE(TO_QUESTION, at);
  reply.writeUInt16BE(type, at + 2);
  reply.writeUInt16BE(codes.CLASS_IN, at + 4);
  reply.writeUInt32BE(TTL, at + 6);
  reply.writeUInt16BE(data.length, at + 10);
  return at + RECORD + data.copy(reply, at + RECORD);
}
