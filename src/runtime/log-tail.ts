import { fstatSync, readSync } from "node:fs";
import { parseLogRecord } from "./log-record.js";

const NEWLINE = 0x0a;

/** Bytes looked at at once, from the end; most tails need one block. */
const BLOCK = 64 * 1024;

/** Where to begin to read: a file of those given, and a byte in it. */
export interface TailStart {
  readonly file: number;
  readonly offset: number;
}

/**
 * Where the last `lines` lines of a conmon log begin, which is in several files, oldest first: found from its end in time that
 * depends on those lines alone. A line the container has not finished counts. Where both streams write unfinished lines by turns,
 * the first may miss its start.
 */
export function tailStart(descriptors: readonly number[], lines: number): TailStart {
  const last = descriptors.length - 1;
  if (lines <= 0) return { file: last, offset: sizeOf(descriptors[last]) };
  let left = lines;
  let isLast = true;
  for (let file = last; file >= 0; file--) {
    const descriptor = descriptors[file] as number;
    for (const { next, record } of recordsBackwards(descriptor, sizeOf(descriptor))) {
      if (record === undefined) continue;
      const endsLine = !record.isPartial;
      if (!endsLine && isLast) left -= 1;
      else if (endsLine && left === 0) return { file, offset: next };
      else if (endsLine) left -= 1;
      isLast = false;
    }
  }
  return { file: 0, offset: 0 };
}

function sizeOf(descriptor: number | undefined): number {
  return descriptor === undefined ? 0 : fstatSync(descriptor).size;
}

interface Found {
  /** Where the record after it begins. */
  readonly next: number;
  readonly record: ReturnType<typeof parseLogRecord>;
}

/** Every record, last first. Its text keeps the newline, which counting does not look at. */
function* recordsBackwards(file: number, size: number): Generator<Found> {
  let carry: Buffer = Buffer.alloc(0);
  let position = size;
  while (position > 0) {
    const length = Math.min(BLOCK, position);
    const block = Buffer.alloc(length);
    readSync(file, block, 0, length, position - length);
    position -= length;
    const data = Buffer.concat([block, carry]);
    let end = data.length;
    for (let newline = lastNewline(data, end); newline >= 0; newline = lastNewline(data, end)) {
      yield found(data, newline + 1, end, position);
      end = newline + 1;
    }
    carry = Buffer.from(data.subarray(0, end));
  }
  if (carry.length > 0) yield found(carry, 0, carry.length, 0);
}

/** The newline before the record that ends at `end`, whose own newline is at `end - 1`. */
function lastNewline(data: Buffer, end: number): number {
  return end < 2 ? -1 : data.lastIndexOf(NEWLINE, end - 2);
}

function found(data: Buffer, from: number, to: number, base: number): Found {
  return { next: base + to, record: parseLogRecord(data.subarray(from, to)) };
}
