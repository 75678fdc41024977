import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseEnvFile, readEnvFile } from "../../../src/commands/env-file.js";

const caller = { HOME: "/root", EMPTY: "", SPACED: " a b " };
const parse = (text: string | Buffer) => parseEnvFile(Buffer.from(text), "env", caller);

describe("a file of variables is read as docker reads it", () => {
  test.each<[string, string | Buffer, readonly string[]]>([
    ["nothing", "", []],
    ["comments and blank lines", "# a\n\n   \n\t# b\n#A=1\n", []],
    ["the last line without a newline", "A=1\nB=2", ["A=1", "B=2"]],
    ["lines of Windows", "A=1\r\n\r\nB=2\r\n", ["A=1", "B=2"]],
    ["empty values", "A=\nB= \n", ["A=", "B= "]],
    [
      "quotes, blanks, signs and marks of a value as they stand",
      'A="x y" # z\nB=\'\nC= a=b\t\nD=\\n$HOME',
      ['A="x y" # z', "B='", "C= a=b\t", "D=\\n$HOME"],
    ],
    ["blanks before a name", "  \tA=1", ["A=1"]],
    ["the caller's values", "HOME\n  SPACED  \nEMPTY\n", ["HOME=/root", "SPACED= a b ", "EMPTY="]],
    ["names the caller has not, which count for nothing", "GONE\nA=1", ["A=1"]],
    ["names of other signs", "a.b-c=1\nü=2\n1=3", ["a.b-c=1", "ü=2", "1=3"]],
    ["one name twice, of which the later wins later on", "A=1\nA=2", ["A=1", "A=2"]],
  ])("%s", (_what, text, entries) => {
    expect(parse(text)).toEqual(entries);
  });

  test("a byte order mark at the beginning, and only there", () => {
    expect(parse("\ufeffA=1\nB=\ufeff2")).toEqual(["A=1", "B=\ufeff2"]);
    expect(parse("\ufeff# comment\nA=1")).toEqual(["A=1"]);
  });

  test.each<[string | Buffer, string]>([
    ["A=1\n=x", 'line 2 of the environment file env has no name before its "="'],
    ["A B=1", 'line 1 of the environment file env has blanks in the name "A B"'],
    ["\n\nA =1", 'line 3 of the environment file env has blanks in the name "A "'],
    ["export A=1", 'line 1 of the environment file env has blanks in the name "export A"'],
    ["HOME PATH", 'line 1 of the environment file env has blanks in the name "HOME PATH"'],
    ["A=1\r\n# ok\r\nA=\0", "line 3 of the environment file env has a NUL character"],
    [Buffer.from([0x41, 0x3d, 0xff, 0x0a]), "line 1 of the environment file env is not UTF-8"],
  ])("%j is refused with the line", (text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ kind: "invalid-input", code: "TSD_ENV_FILE_INVALID", message }),
    );
  });

  test("whatever is written as KEY=value comes back", () => {
    const entry = fc.tuple(
      fc.stringMatching(/^[A-Z_][A-Z0-9_.]{0,9}$/),
      fc.string().filter((value) => !/[\0\n\r]/.test(value)),
    );
    fc.assert(
      fc.property(fc.array(entry), fc.constantFrom("\n", "\r\n"), (entries, end) => {
        const lines = entries.map(([key, value]) => `${key}=${value}`);
        expect(parse(lines.join(end))).toEqual(lines);
      }),
    );
  });
});

test.each(["env-file", "label-file"])("a file of --%s without an end is not read for ever", async (flag) => {
  await expect(readEnvFile("/dev/zero", { env: {}, cwd: "/" }, flag)).rejects.toMatchObject({
    kind: "invalid-input",
    code: "TSD_ENV_FILE_UNREADABLE",
    message: expect.stringMatching(/^the \w+ file \/dev\/zero cannot be read: it has more than \d+ bytes$/),
  });
});
