import * as codes from "./codes.js";
import { readName } from "./name.js";
import { classAt, countsOf, findRecords, type RecordPlace, ttlAt } from "./records.js";

/** What a client that knows EDNS says of itself (RFC 6891). */
interface Edns {
  /** Largest datagram that it takes. */
  readonly size: number;
  /** It wants the records of DNSSEC too (RFC 3225). */
  readonly dnssecOk: boolean;
}

/** What a message asks. */
export interface Query {
  readonly message: Buffer;
  /** Where its question ends; the end of the header if it has none that can be read. */
  readonly questionEnd: number;
  /** See `readName`; empty for the root. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly edns: Edns | undefined;
  /** The RCODE that it gets whatever it asks for; NOERROR if it can be replied to. */
  readonly fault: number;
}

/** Reads a message that came from a client. Undefined for what gets no reply: what has no header, and replies. */
export function readQuery(message: Buffer): Query | undefined {
  if (message.length < codes.HEADER || flags(message) & codes.QR) return undefined;
  if (flags(message) & codes.OPCODE) return faulty(message, codes.NOTIMP);
  if (message.readUInt16BE(4) !== 1) return faulty(message, codes.FORMERR);
  const read = readName(message, codes.HEADER);
  if (read === undefined || read.end + 4 > message.length) return faulty(message, codes.FORMERR);
  const { name, end } = read;
  const [type, classOf, questionEnd] = [message.readUInt16BE(end), message.readUInt16BE(end + 2), end + 4];
  const edns = readEdns(message, questionEnd);
  if (edns === "malformed" || type === codes.TYPE_OPT) return faulty(message, codes.FORMERR);
  const fault = edns?.version ? codes.BADVERS : codes.NOERROR;
  return { message, questionEnd, name, type, class: classOf, edns, fault };
}

const flags = (message: Buffer): number => message[2] as number;

/** What cannot be read as a question is not repeated to the client. */
function faulty(message: Buffer, fault: number): Query {
  return { message, questionEnd: codes.HEADER, name: "", type: 0, class: 0, edns: undefined, fault };
}

/** Octets behind the last record are ignored, as other name servers do. */
function readEdns(message: Buffer, start: number): (Edns & { readonly version: number }) | undefined | "malformed" {
  const [reply, authority, additional] = countsOf(message);
  const count = reply + authority + additional;
  if (count === 0) return undefined;
  const records = findRecords(message, start, count);
  if (records === undefined) return "malformed";
  const [option, another] = records.filter(({ type }) => type === codes.TYPE_OPT);
  if (option === undefined) return undefined;
  if (another !== undefined || option.fixed !== option.start + 1) return "malformed";
  return ednsOf(message, option);
}

/** OPT has the size in place of a class, and in place of a TTL: more of the RCODE, the version, flags. */
function ednsOf(message: Buffer, option: RecordPlace): Edns & { readonly version: number } {
  return {
    size: message.readUInt16BE(classAt(option)),
    version: message[ttlAt(option) + 1] as number,
    dnssecOk: ((message[ttlAt(option) + 2] as number) & 0x80) !== 0,
  };
}
