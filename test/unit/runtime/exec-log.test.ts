import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseExecLog } from "../../../src/runtime/exec-log.js";

describe("the log of an exec", () => {
  test.each<[string, string | undefined, string]>([
    ["", undefined, ""],
    ['{"msg":"no","level":"error"}\n', "no", ""],
    ['{"msg":"hm","level":"warning"}\n{"msg":"no","level":"error"}\n', "no", ""],
    ['{"msg":"hm","level":"warning"}\n', undefined, ""],
    ["first\r\n\n", undefined, "first\r\n"],
    ['first\r\n\n{"msg":"no","level":"error"}\n', "no", 'first\r\n{"msg":"no","level":"error"}'],
    ["{ half", undefined, "{ hal"],
  ])("%j holds complaint %j and output %j", (log, complaint, unread) => {
    expect(parseExecLog(Buffer.from(log))).toEqual({ complaint, unread: Buffer.from(unread) });
  });

  test("gives back any output of a terminal that crun has read piece by piece", () => {
    const line = fc.stringMatching(/^[ -z]{0,90}$/);
    const lengths = fc.infiniteStream(fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), line, lengths, (lines, rest, cuts) => {
        const output = `a${lines.map((text) => `${text}\r\n`).join("")}${rest}`;
        let log = "";
        for (let at = 0; at < output.length; ) {
          const { value: length } = cuts.next();
          log += `${output.slice(at, at + length)}\n`;
          at += length;
        }
        expect(parseExecLog(Buffer.from(log)).unread.toString()).toBe(output);
      }),
    );
  });

  test("gives back output of a terminal that translates no newlines, in full pieces", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^{\r][ -~\n]{0,900}$/), (output) => {
        const pieces = output.match(/[\s\S]{1,255}/g) ?? [];
        const log = Buffer.from(pieces.map((piece) => `${piece}\n`).join(""));
        expect(parseExecLog(log).unread.toString()).toBe(output);
      }),
    );
  });
});
