import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { arrangeArguments, type FlagShape } from "../../../src/commands/argument-order.js";

const flags: Readonly<Record<string, FlagShape>> = {
  detach: { type: "boolean", char: "d" },
  interactive: { type: "boolean", char: "i" },
  tty: { type: "boolean", char: "t" },
  publish: { type: "option", char: "p" },
  network: { type: "option", aliases: ["net"] },
};

const split = (text: string): readonly string[] => text.split(" ").filter((word) => word !== "");
const stopping = (text: string): string =>
  arrangeArguments(split(text), { flags, stopAtArgument: true }).words.join(" ");
const running = (text: string): string =>
  arrangeArguments(split(text), { flags, stopAtArgument: false }).words.join(" ");

describe("the first argument ends the command's own flags", () => {
  test.each([
    ["busybox", "-- busybox"],
    ["-it busybox sh -c x -d", "-it -- busybox sh -c x -d"],
    ["-p 80:80 busybox -p", "-p 80:80 -- busybox -p"],
    ["-p80:80 busybox -d", "-p80:80 -- busybox -d"],
    ["-p=80:80 busybox", "-p=80:80 -- busybox"],
    ["-dp 80:80 busybox", "-dp 80:80 -- busybox"],
    ["-dip80:80 busybox", "-dip80:80 -- busybox"],
    ["--publish 80 busybox", "--publish 80 -- busybox"],
    ["--publish=80 busybox", "--publish=80 -- busybox"],
    ["--net web busybox", "--net web -- busybox"],
    ["--network web busybox --network x", "--network web -- busybox --network x"],
    ["busybox ls --help --json", "-- busybox ls --help --json"],
    ["busybox -- ls", "-- busybox -- ls"],
    ["-d -- busybox -d", "-d -- busybox -d"],
    ["- x", "-- - x"],
    ["--unknown busybox -d", "--unknown -- busybox -d"],
    ["-d", "-d"],
    ["-p", "-p"],
  ])("%s", (given, arranged) => {
    expect(stopping(given)).toBe(arranged);
  });
});

test.each([
  ["a -d b", "a -d b"],
  ["--detach=true a", "--detach a"],
  ["--detach=false a", "a"],
  ["--detach=1 --tty=0", "--detach"],
  ["--detach=TRUE --tty=F", "--detach"],
  ["-d=false a", "a"],
  ["-d=true a", "-d a"],
  ["-it=false a", "-i a"],
  ["-it=1 a", "-it a"],
  ["-p --detach=true", "-p --detach=true"],
  ["-- --detach=true", "-- --detach=true"],
])("other commands take flags anywhere: %s", (given, arranged) => {
  expect(running(given)).toBe(arranged);
});

test.each(["--detach=maybe", "--detach=", "-d=maybe", "-itd=2"])("a boolean flag takes no other value: %s", (given) => {
  const [flag, value] = given.split("=");
  const said = `${flag?.replace(/^-\w*(\w)$/, "-$1")} "${value}" is neither true nor false`;
  expect(() => running(given)).toThrow(expect.objectContaining({ message: said, kind: "invalid-input" }));
});

test.each<[string, Readonly<Record<string, boolean>>]>([
  ["", {}],
  ["-dt", { detach: true, tty: true }],
  ["--detach --detach=false", { detach: false }],
  ["--detach=false -d", { detach: true }],
  ["-it=false", { interactive: true, tty: false }],
  ["-it -i=false", { interactive: false, tty: true }],
  ["-ip80:80", { interactive: true }],
  ["-p --detach", {}],
  ["-- --detach", {}],
])("of a boolean flag the last word counts: %s", (given, said) => {
  const { switches } = arrangeArguments(split(given), { flags, stopAtArgument: false });
  expect(Object.fromEntries(switches)).toEqual(said);
});

test("a value behind an equals sign is not taken for the letter of a flag", () => {
  expect(running("-d=t -p 80 a")).toBe("-d -p 80 a");
  const filter = { quiet: { type: "boolean", char: "q" }, filter: { type: "option", char: "f" } } as const;
  const { words } = arrangeArguments(["-q=f", "--quiet"], { flags: filter, stopAtArgument: false });
  expect(words).toEqual(["--quiet"]);
});

test("the words behind the image come through unchanged, whatever they are", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("-d", "--", "-p", "--detach=false", "sh"))), (words) => {
      const arranged = arrangeArguments(["-d", "image", ...words], { flags, stopAtArgument: true });
      expect(arranged.words).toEqual(["-d", "--", "image", ...words]);
    }),
  );
});
