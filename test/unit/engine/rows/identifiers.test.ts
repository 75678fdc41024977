import { describe, expect, test } from "@jest/globals";
import { checkName, newId, newMac, newName, shortId } from "../../../../src/engine/rows/identifiers.js";
import { failureOf } from "../../store/support/temporary-store.js";

/** Enough to hit every value of a random octet. */
const draws = Array.from({ length: 3000 });

test("ids are 64 hexadecimal digits, all different, and short ones their first 12", () => {
  const ids = draws.map(() => newId());
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(ids.map(shortId)).size).toBe(ids.length);
  expect(shortId(`abcdef012345${"6".repeat(52)}`)).toBe("abcdef012345");
});

test("hardware addresses are unicast and locally administered, and otherwise random", () => {
  const macs = draws.map(() => newMac());
  for (const mac of macs) expect(mac).toMatch(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
  expect(new Set(macs).size).toBe(macs.length);
  expect(new Set(macs.map((mac) => mac.slice(0, 2))).size).toBe(64);
});

test("names that are made up are names", () => {
  for (const _ of draws) checkName("container", newName());
  expect(new Set(draws.map(() => newName())).size).toBeGreaterThan(1000);
});

describe("a name", () => {
  test.each(["a", "0", "a-b_c.d", "A", "x".repeat(255)])("%s is one", (name) => {
    expect(() => checkName("network", name)).not.toThrow();
  });

  test.each([
    ["", '"" is not a name for a network'],
    ["-a", '"-a" is not a name for a network'],
    [".a", '".a" is not a name for a network'],
    ["a b", '"a b" is not a name for a network'],
    ["a/b", '"a/b" is not a name for a network'],
    ["a\n", '"a\n" is not a name for a network'],
    ["é", '"é" is not a name for a network'],
    ["x".repeat(256), `"${"x".repeat(57)}… (256 characters)" is not a name for a network`],
  ])("%j is none", (name, message) => {
    expect(failureOf(() => checkName("network", name))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_NAME_INVALID",
      message,
      hint: 'Use letters, digits, "_", "." and "-", a letter or digit first, at most 255 characters.',
      details: { name },
    });
  });
});
