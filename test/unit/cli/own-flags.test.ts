import { expect, test } from "@jest/globals";
import { isHelpRequested, isJsonRequested, takeDebug } from "../../../src/cli/own-flags.js";

const flags = {
  detach: { type: "boolean", char: "d" },
  name: { type: "option" },
  hostname: { type: "option", char: "h" },
} as const;
const run = { strict: false, flags };
const ls = { strict: true, flags: { quiet: { type: "boolean", char: "q" } } } as const;
const json = { strict: true, flags: { json: { type: "boolean" } } } as const;

test.each([
  [ls, "--help", true],
  [ls, "-q --help", true],
  [ls, "web --help", true],
  [ls, "-h", true],
  [ls, "web", false],
  [ls, "-- --help", false],
  [run, "--help", true],
  [run, "-d --name web --help busybox", true],
  [run, "-d --name web busybox ls --help", false],
  [run, "-dh box busybox --help", false],
  [run, "-h box busybox", false],
  [{ strict: true }, "", false],
] as const)("%j with %s: %p", (command, line, asked) => {
  expect(isHelpRequested(line.split(" "), command)).toBe(asked);
});

test.each([
  [ls, "--json", true],
  [ls, "-- --json", false],
  [json, "--json=true", true],
  [json, "--json --json=false", false],
  [run, "--json -d busybox", true],
  [run, "busybox tool --json", false],
] as const)("%j with %s: JSON %p", (command, line, asked) => {
  expect(isJsonRequested(line.split(" "), command)).toBe(asked);
});

test.each([
  [ls, "--debug -q", "-q", true],
  [ls, "-- --debug", "-- --debug", false],
  [run, "-d --debug busybox tool --debug", "-d busybox tool --debug", true],
  [run, "busybox tool --debug", "busybox tool --debug", false],
] as const)("%j with %s is left with %s: debug %p", (command, line, rest, debug) => {
  expect(takeDebug(line.split(" "), command)).toEqual({ args: rest.split(" "), debug });
});
