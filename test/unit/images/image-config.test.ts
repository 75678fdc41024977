import { expect, test } from "@jest/globals";
import { describeImage } from "../../../src/runtime/images/image-config.js";

const describeWith = (parts: object) => describeImage(Buffer.from(JSON.stringify(parts)), "x.tar");

test.each([
  ["TERM", "TERM"],
  ["SIGRTMIN+3", "SIGRTMIN+3"],
  ["15", "15"],
  ["nonsense", undefined],
  [9, undefined],
])("the stop signal %j is taken as %j", (given, taken) => {
  expect(describeWith({ config: { StopSignal: given } }).config.stopSignal).toBe(taken);
});

test.each([
  ["2024-01-02T03:04:05.678Z", true],
  ["2024-01-02T03:04:05+01:00", true],
  ["\u001b[2J", false],
  ["2024-13-02T03:04:05Z", false],
  ["yesterday", false],
])("the time %j is taken: %j", (created, isTaken) => {
  expect(describeWith({ created }).created).toBe(isTaken ? created : undefined);
});
