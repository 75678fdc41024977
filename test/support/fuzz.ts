import { appendFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { TsdError } from "../../src/errors/tsd-error.js";

/** Cases of each target, unless `TSD_FUZZ_RUNS` says otherwise. */
const RUNS = 400;

/** How much of the number of runs a target gets, for those whose cases cost more than microseconds; default 1. */
export interface Effort {
  readonly share?: number;
}

/**
 * A test of one target with random cases: `check` must end, and throw nothing. Where `TSD_FUZZ_REPORT` names a file, a line
 * `TARGET<tab>CASES` is added to it.
 */
export function fuzz<T>(
  target: string,
  cases: fc.Arbitrary<T>,
  check: (value: T) => void | Promise<void>,
  { share = 1 }: Effort = {},
): void {
  const numRuns = Math.max(1, Math.ceil(Number(process.env.TSD_FUZZ_RUNS ?? RUNS) * share));
  const report = process.env.TSD_FUZZ_REPORT;
  let done = 0;
  const count = (value: T): void | Promise<void> => {
    done += 1;
    return check(value);
  };
  const patience = 30_000 + numRuns * 5;
  test(
    target,
    async () => {
      await fc.assert(
        fc.asyncProperty(cases, async (value) => await count(value)),
        { numRuns },
      );
      expect(done).toBeGreaterThanOrEqual(numRuns);
      if (report !== undefined) appendFileSync(report, `${target}\t${done}\n`);
    },
    patience,
  );
}

/** What `work` returns; undefined if it refuses with a TsdError. Anything else that it throws is a defect. */
export function answerOrRefusal<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    expect(error.message).not.toBe("");
    return undefined;
  }
}

/** {@link answerOrRefusal} of a promise. */
export async function answerOrRefusalOf<T>(work: Promise<T>): Promise<T | undefined> {
  const outcome = await work.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
  return answerOrRefusal(outcome);
}

/** One change to a run of bytes: where, in parts of its length, what, and how many. */
interface Edit {
  readonly at: number;
  readonly way: "overwrite" | "insert" | "delete" | "cut" | "repeat";
  readonly bytes: Uint8Array;
}

/** Lengths and numbers that decoders stumble over, in both byte orders. */
const telling = [0, 1, 3, 4, 15, 16, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const tellingBytes = fc.constantFrom(...telling).chain((value) => {
  const word = Buffer.alloc(4);
  word.writeUInt32LE(value);
  return fc.constantFrom(word, Buffer.from(word).reverse(), word.subarray(0, 2), word.subarray(0, 1));
});
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  way: fc.constantFrom("overwrite", "overwrite", "insert", "delete", "cut", "repeat"),
  bytes: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }), tellingBytes),
});

/** Valid bytes with up to six changes. */
export function damaged(valid: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc.tuple(valid, fc.array(edit, { maxLength: 6 })).map(([bytes, edits]) => edits.reduce(change, bytes));
}

/** Valid text with up to six changes, in the characters that parsers look at or in any. */
export function garbled(valid: fc.Arbitrary<string>, marks: string): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...marks), fc.string({ unit: "binary", maxLength: 3 }));
  const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 3 }), piece), {
    maxLength: 6,
  });
  return fc.tuple(valid, edits).map(([text, changes]) =>
    changes.reduce((now, [at, dropped, put]) => {
      const place = Math.floor(at * now.length);
      return now.slice(0, place) + put + now.slice(place + dropped);
    }, text),
  );
}

/** Any text at all, or one out of `marks` and letters, which gets further into a parser. */
export function anyText(marks: string): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.constantFrom(...marks), fc.constantFrom(..."abz019-_. "));
  return fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(unit, { maxLength: 40 }).map((all) => all.join("")),
  );
}

function change(bytes: Buffer, { at, way, bytes: put }: Edit): Buffer {
  const place = Math.floor(at * bytes.length);
  const rest = bytes.subarray(place);
  switch (way) {
    case "overwrite":
      return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + put.length)]);
    case "insert":
      return Buffer.concat([bytes.subarray(0, place), put, rest]);
    case "delete":
      return Buffer.concat([bytes.subarray(0, place), rest.subarray(put.length)]);
    case "cut":
      return bytes.subarray(0, place);
    case "repeat":
      return Buffer.concat([bytes, rest.subarray(0, 4096)]);
  }
}
