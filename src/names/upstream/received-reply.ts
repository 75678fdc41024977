import * as codes from "../message/codes.js";
import { readName } from "../message/name.js";
import { countsOf, dataAt, findRecords, type RecordPlace, ttlAt } from "../message/records.js";

/** A reply of another name server, taken apart as far as it must be to pass it on. */
export interface ReceivedReply {
  readonly message: Buffer;
  /** The end of the header if the server did not repeat the question, as some do that failed. */
  readonly questionEnd: number;
  /** All of its sections. */
  readonly records: readonly RecordPlace[];
  readonly code: number;
  readonly isTruncated: boolean;
}

/** The reply, if `message` is one to this question with this id. Undefined for all else, and for what is malformed. */
export function receivedReply(message: Buffer, id: number, question: Buffer): ReceivedReply | undefined {
  if (message.length < codes.HEADER || message.readUInt16BE(0) !== id) return undefined;
  const flags = message[2] as number;
  if ((flags & (codes.QR | codes.OPCODE)) !== codes.QR) return undefined;
  const code = (message[3] as number) & codes.RCODE;
  const repeats = message.readUInt16BE(4);
  if (repeats > 1 || (repeats === 0 && (code === codes.NOERROR || code === codes.NXDOMAIN))) return undefined;
  if (repeats === 1 && !isSameQuestion(message, question)) return undefined;
  const questionEnd = repeats === 1 ? codes.HEADER + question.length : codes.HEADER;
  const [reply, authority, additional] = countsOf(message);
  const records = findRecords(message, questionEnd, reply + authority + additional);
  if (records === undefined) return undefined;
  return { message, questionEnd, records, code, isTruncated: (flags & codes.TC) !== 0 };
}

/** Servers may repeat it in lower case. */
function isSameQuestion(message: Buffer, question: Buffer): boolean {
  const read = readName(message, codes.HEADER);
  const asked = readName(question, 0);
  if (read === undefined || asked === undefined || read.name !== asked.name) return false;
  return message.subarray(read.end, read.end + 4).equals(question.subarray(asked.end));
}

/**
 * Seconds for which the reply is true (RFC 2308 §5 for what is not there, RFC 2181 §8 for impossible values); 0 if it must not
 * be kept.
 */
export function lifetimeOf({ message, records, code, isTruncated }: ReceivedReply): number {
  if (isTruncated || (code !== codes.NOERROR && code !== codes.NXDOMAIN)) return 0;
  const kept = records.filter(({ type }) => type !== codes.TYPE_OPT);
  const soa = kept.find(({ type }) => type === codes.TYPE_SOA);
  const isNegative = code === codes.NXDOMAIN || countsOf(message)[0] === 0;
  if (kept.length === 0 || (isNegative && soa === undefined)) return 0;
  const ttls = kept.map((place) => ttlOf(message, place));
  return Math.min(...ttls, soa === undefined ? Number.POSITIVE_INFINITY : negativeTtl(message, soa));
}

function ttlOf(message: Buffer, place: RecordPlace): number {
  const ttl = message.readUInt32BE(ttlAt(place));
  return ttl > 0x7fff_ffff ? 0 : ttl;
}

/** The last number of SOA (RFC 2308 §4). */
function negativeTtl(message: Buffer, soa: RecordPlace): number {
  return soa.end - dataAt(soa) < 22 ? 0 : message.readUInt32BE(soa.end - 4);
}
