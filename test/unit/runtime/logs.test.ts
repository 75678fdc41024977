import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LogLine } from "../../../src/api/index.js";
import { LineAssembler } from "../../../src/runtime/line-assembler.js";
import { tailStart } from "../../../src/runtime/log-tail.js";

const directory = mkdtempSync(`${tmpdir()}/tsd-logs-`);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const time = "2026-01-02T03:04:05.000000006+00:00";
const record = (stream: string, tag: string, text: string) => `${time} ${stream} ${tag} ${text}\n`;

function assemble(log: Buffer, slice = log.length): readonly LogLine[] {
  const assembler = new LineAssembler();
  const lines: LogLine[] = [];
  for (let at = 0; at < log.length; at += slice) lines.push(...assembler.push(log.subarray(at, at + slice)));
  return [...lines, ...assembler.flush()];
}

const anyRecord = fc.tuple(
  fc.constantFrom("F", "P"),
  fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => text.replaceAll("\n", " ")),
);

describe("a conmon log", () => {
  test("becomes lines, stream by stream", () => {
    const log =
      record("stdout", "P", "a ") +
      record("stderr", "F", "e r r") +
      record("stdout", "F", "b") +
      record("stdout", "P", "c");
    expect(assemble(Buffer.from(log))).toEqual([
      { stream: "stderr", time, text: "e r r\n" },
      { stream: "stdout", time, text: "a b\n" },
      { stream: "stdout", time, text: "c" },
    ]);
  });

  test("may break off anywhere, and split a character between records", () => {
    const euro = Buffer.from("€");
    const log = Buffer.concat([
      Buffer.from(`${time} stdout P `),
      euro.subarray(0, 1),
      Buffer.from(`\n${time} stdout F `),
      euro.subarray(1),
      Buffer.from(`\nnonsense\n${time} stdout X y\n${time} std`),
    ]);
    expect(assemble(log)).toEqual([{ stream: "stdout", time, text: "€\n" }]);
  });

  test("gives the same lines however it is sliced", () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 20 }), fc.integer({ min: 1, max: 80 }), (records, slice) => {
        const log = Buffer.from(records.map(([tag, text]) => record("stdout", tag, text)).join(""));
        expect(assemble(log, slice)).toEqual(assemble(log));
      }),
    );
  });

  test("has a line without end handed out in parts", () => {
    const log = Buffer.from(record("stdout", "P", "x".repeat(8192)).repeat(100));
    const lines = assemble(log);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.map(({ text }) => text).join("")).toHaveLength(819_200);
  });

  test("has the tail that the whole has", () => {
    const path = `${directory}/log`;
    const wide = fc.tuple(
      fc.constantFrom("F", "P"),
      fc.integer({ min: 0, max: 40_000 }).map((length) => "y".repeat(length)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyRecord, wide), { maxLength: 12 }),
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 12 }),
        (records, count, cut) => {
          // Another file may be begun between any two records.
          const texts = records.map(([tag, text]) => record("stdout", tag, text));
          const parts = [texts.slice(0, cut), texts.slice(cut)].map((part) => Buffer.from(part.join("")));
          const log = Buffer.concat(parts);
          const files = parts.map((part, at) => {
            writeFileSync(`${path}${at}`, part);
            return openSync(`${path}${at}`, "r");
          });
          const start = tailStart(files, count);
          const rest = parts.slice(start.file).map((part, at) => (at === 0 ? part.subarray(start.offset) : part));
          const tail = assemble(Buffer.concat(rest));
          for (const file of files) closeSync(file);
          const whole = assemble(log);
          expect(tail).toEqual(count === 0 ? [] : whole.slice(-count));
        },
      ),
    );
  });
});
