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
    ['first\r\n\n{"msg":"no","level":"error"}\n', "no", 'first\r\n\n{"msg":"no","level":"error"}'],
    ["{ half", undefined, "{ hal"],
  ])("%j holds complaint %j and output %j", (log, complaint, unread) => {
    expect(parseExecLog(Buffer.from(log))).toEqual({ complaint, unread: Buffer.from(unread) });
  });

  test("gives back any output that crun has cut into pieces", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^{][ -~\r\n]{0,900}$/), (output) => {
        const pieces = output.match(/[\s\S]{1,255}/g) ?? [];
        const log = Buffer.from(pieces.map((piece) => `${piece}\n`).join(""));
        expect(parseExecLog(log).unread.toString()).toBe(output);
      }),
    );
  });
});
