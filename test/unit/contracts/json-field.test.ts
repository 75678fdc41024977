import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type Field,
  member,
  parseDocument,
  readEntries,
  readFlag,
  readInteger,
  readList,
  readText,
  readTexts,
} from "../../../src/contracts/json-field.js";
import { TsdError } from "../../../src/errors/tsd-error.js";

const refuse = (message: string) => new TsdError({ kind: "plugin", code: "TSD_TEST", message });
const document = (text: string): Field => parseDocument(text, "answer", refuse);

test.each<[text: string, read: (field: Field) => unknown, message: RegExp]>([
  ["", readText, /^answer is not JSON \(Unexpected end of JSON input\): ""$/],
  ["[]", readText, /^answer is not a string: a list$/],
  ["{}", (field) => readText(member(field, "a")), /^answer\.a is not a string: missing$/],
  [
    "[[1,true]]",
    (field) => readList(field, (one) => readList(one, readFlag)),
    /^answer\[0\]\[0\] is not true or false: 1$/,
  ],
  ['{"a":{"b":9}}', (field) => readEntries(field, readTexts), /^answer\.a\.b is not a string: 9$/],
  ["70000", (field) => readInteger(field, 1, 65_535), /^answer is not a whole number from 1 to 65535: 70000$/],
  [JSON.stringify("\u009b31m\u202e"), readFlag, /^answer is not true or false: "\\x9b31m\\u202e"$/],
  [
    JSON.stringify({ "\u001b[2J": 1 }),
    (field) => readEntries(field, readText),
    /^answer\.\\x1b\[2J is not a string: 1$/,
  ],
  [`"${"x".repeat(500)}"`, readFlag, /^answer is not true or false: "x{59}…$/],
  ["[".repeat(100_000) + "]".repeat(100_000), readText, /^answer is not a string: a list$/],
])("%.40j is refused in words", (text, read, message) => {
  expect(() => read(document(text))).toThrow(message);
});

describe("whatever the document", () => {
  const readers = [
    readText,
    readFlag,
    readTexts,
    (field: Field) => readList(field, readText),
    (field: Field) => readInteger(field, 0, 9),
  ];

  test("a reader returns what it is for, or throws one printable line", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), fc.constantFrom(...readers), (text, read) => {
        try {
          read(document(text));
        } catch (error) {
          expect(TsdError.is(error, "plugin")).toBe(true);
          expect((error as Error).message).toMatch(/^[^\p{Cc}\u2028\u2029\u202a-\u202e]{1,400}$/u);
        }
      }),
    );
  });
});
