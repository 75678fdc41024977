import { skipName } from "./name.js";

/** Type, class, TTL and length of the data, behind each record's name. */
const FIXED = 10;

/** One record of a message, by offsets into it. */
export interface RecordPlace {
  /** Where its name begins. */
  readonly start: number;
  /** Where its name ends: type, class, TTL, length and data follow. */
  readonly fixed: number;
  readonly end: number;
  readonly type: number;
}

export const classAt = ({ fixed }: RecordPlace): number => fixed + 2;
export const ttlAt = ({ fixed }: RecordPlace): number => fixed + 4;
export const dataAt = ({ fixed }: RecordPlace): number => fixed + FIXED;

/** How many records a header counts in each section. */
export function countsOf(message: Buffer): readonly [reply: number, authority: number, additional: number] {
  return [message.readUInt16BE(6), message.readUInt16BE(8), message.readUInt16BE(10)];
}

/** Finds `count` records. Undefined if the message ends before them; so no count makes this longer than the message. */
export function findRecords(message: Buffer, start: number, count: number): readonly RecordPlace[] | undefined {
  const found: RecordPlace[] = [];
  let at = start;
  for (let left = count; left > 0; left -= 1) {
    const fixed = skipName(message, at);
    if (fixed === undefined || fixed + FIXED > message.length) return undefined;
    const end = fixed + FIXED + message.readUInt16BE(fixed + 8);
    if (end > message.length) return undefined;
    found.push({ start: at, fixed, end, type: message.readUInt16BE(fixed) });
    at = end;
  }
  return found;
}
