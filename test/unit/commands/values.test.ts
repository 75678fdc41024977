import { describe, expect, test } from "@jest/globals";
import { readEnv } from "../../../src/commands/environment.js";
import {
  parseCpus,
  parseLabels,
  parseMemory,
  parsePairs,
  parseSeconds,
  parseTail,
} from "../../../src/commands/flag-values.js";

test.each([
  ["4096", 4096],
  ["100b", 100],
  ["64k", 65_536],
  ["512m", 536_870_912],
  ["512MB", 536_870_912],
  ["1g", 1_073_741_824],
  ["1.5GiB", 1_610_612_736],
  ["1t", 1_099_511_627_776],
])("parseMemory(%s) is %d bytes", (text, bytes) => {
  expect(parseMemory(text)).toBe(bytes);
});

test.each([
  ["1.5", 1.5],
  [".5", 0.5],
  ["2", 2],
])("parseCpus(%s) is %d", (text, cpus) => {
  expect(parseCpus(text)).toBe(cpus);
});

test("parseSeconds", () => {
  expect([parseSeconds("0"), parseSeconds("10"), parseSeconds("-1")]).toEqual([0, 10, Number.POSITIVE_INFINITY]);
});

test("parseTail", () => {
  expect([parseTail("all"), parseTail("0"), parseTail("20"), parseTail("-1")]).toEqual([undefined, 0, 20, undefined]);
});

test("pairs", () => {
  expect(parseLabels(["a=1", "b", "c=x=y"])).toEqual({ a: "1", b: "", c: "x=y" });
  expect(parsePairs(["mtu=1400"], { flag: "opt", example: "mtu=1400" })).toEqual({ mtu: "1400" });
  expect(parseLabels()).toEqual({});
});

describe("a bad value is named in one sentence, with an example", () => {
  test.each([
    [() => parseMemory("12q"), '--memory "12q" is not a size'],
    [() => parseMemory("0"), '--memory "0" is not a size'],
    [() => parseMemory("-1m"), '--memory "-1m" is not a size'],
    [() => parseMemory("99999999t"), '--memory "99999999t" is not a size'],
    [() => parseCpus("0"), '--cpus "0" is not a positive number of processors'],
    [() => parseCpus("many"), '--cpus "many" is not a positive number of processors'],
    [() => parseSeconds("soon"), '--time "soon" is not a number of seconds'],
    [() => parseTail("5-"), '--tail "5-" is not a number of lines'],
    [() => parseLabels(["=x"]), '--label "=x" is not a key and a value'],
    [() => parsePairs(["mtu"], { flag: "opt", example: "mtu=1400" }), '--opt "mtu" is not a key and a value'],
    [() => readEnv(["=x"], { env: {} }), '--env "=x" is not a key and a value'],
  ])("%#: %s", (parse, message) => {
    expect(parse).toThrow(
      expect.objectContaining({ message, kind: "invalid-input", hint: expect.stringContaining("Write for example") }),
    );
  });
});

test("readEnv takes the value of a key alone from the caller, and leaves out what the caller has not", () => {
  const env = { HOME: "/root", EMPTY: "" };
  expect(readEnv(["A=1", "HOME", "EMPTY", "GONE", "B="], { env })).toEqual(["A=1", "HOME=/root", "EMPTY=", "B="]);
});
