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
const stopping = (text: string): string => arrangeArguments(split(text), { flags, stopAtArgument: true }).join(" ");
const running = (text: string): string => arrangeArguments(split(text), { flags, stopAtArgument: false }).join(" ");

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
  ["-p --detach=true", "-p --detach=true"],
  ["-- --detach=true", "-- --detach=true"],
])("other commands take flags anywhere: %s", (given, arranged) => {
  expect(running(given)).toBe(arranged);
});

test("a boolean flag takes no other value", () => {
  expect(() => running("--detach=maybe")).toThrow("--detach=maybe is neither true nor false");
});

test("the words behind the image come through unchanged, whatever they are", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("-d", "--", "-p", "--detach=false", "sh"))), (words) => {
      const arranged = arrangeArguments(["-d", "image", ...words], { flags, stopAtArgument: true });
      expect(arranged).toEqual(["-d", "--", "image", ...words]);
    }),
  );
});
