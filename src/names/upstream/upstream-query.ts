import * as codes from "../message/codes.js";
import type { Query } from "../message/query.js";

/** A question as another name server is asked it: the same for all clients that get the same reply. */
export interface UpstreamQuery {
  /** With an id of zero; each exchange has its own. */
  readonly message: Buffer;
  /** Name, type and class. */
  readonly question: Buffer;
  /** The same for questions that get the same reply, of the same servers. */
  readonly key: string;
}

const OPT = 11;

/**
 * Of what the client sent, the question goes on, and the flags that decide about the reply. Options of EDNS do not: they are
 * between the client and tsd (RFC 6891 §6.1.1), and a reply is for other clients too.
 */
export function upstreamQuery({ message, questionEnd, name, edns }: Query, servers: readonly string[]): UpstreamQuery {
  const question = Buffer.from(message.subarray(codes.HEADER, questionEnd));
  const written = Buffer.alloc(questionEnd + (edns === undefined ? 0 : OPT));
  written[2] = (message[2] as number) & codes.RD;
  written[3] = (message[3] as number) & (codes.AD | codes.CD);
  written.writeUInt16BE(1, 4);
  question.copy(written, codes.HEADER);
  if (edns !== undefined) {
    written.writeUInt16BE(1, 10);
    written.writeUInt16BE(codes.TYPE_OPT, questionEnd + 1);
    written.writeUInt16BE(codes.EDNS_UDP_SIZE, questionEnd + 3);
    written.writeUInt16BE(edns.dnssecOk ? 0x8000 : 0, questionEnd + 7);
  }
  const flags = [written[2], written[3], edns === undefined ? "" : Number(edns.dnssecOk)].join(",");
  const typeAndClass = question.readUInt32BE(question.length - 4);
  return { message: written, question, key: [flags, typeAndClass, name, ...servers].join(" ") };
}
