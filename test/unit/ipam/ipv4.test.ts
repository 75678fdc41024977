import { expect, test } from "@jest/globals";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { readIPv4 } from "../../../src/api/ipv4.js";

test.each(["0.0.0.0", "10.1.2.3", "255.255.255.255"])("%s is read", (text) => {
  expect(readIPv4(text)?.join(".")).toBe(text);
});

test.each([
  "",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "01.2.3.4",
  "1.2.3.",
  "1.2.3.-0",
  "1e1.2.3.4",
  " 1.2.3.4",
  "1.2.3.4\n",
  "0x1.2.3.4",
  "::1",
])("%j is none", (text) => {
  expect(readIPv4(text)).toBeUndefined();
});

test("it accepts what ipaddr.js calls four decimal numbers", () => {
  const part = fc.oneof(
    fc.integer({ min: -1, max: 300 }).map(String),
    fc.string({ maxLength: 3, unit: fc.constantFrom(..."0129.ex- ") }),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), (parts) => {
      const text = parts.join(".");
      const expected = ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text).toByteArray() : undefined;
      expect(readIPv4(text)).toEqual(expected);
    }),
  );
});
