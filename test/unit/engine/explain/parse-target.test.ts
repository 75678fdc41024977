import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseTarget } from "../../../../src/engine/explain/parse-target.js";
import { TsdError } from "../../../../src/errors/tsd-error.js";

test.each([
  ["db", { who: "db", protocol: "ping" }],
  ["db:5432", { who: "db", port: 5432, protocol: "tcp" }],
  ["192.0.2.1:53/udp", { who: "192.0.2.1", port: 53, protocol: "udp" }],
  ["192.0.2.1", { who: "192.0.2.1", protocol: "ping" }],
  ["2001:db8::1", { who: "2001:db8::1", protocol: "ping" }],
  ["[2001:db8::1]", { who: "2001:db8::1", protocol: "ping" }],
  ["[2001:db8::1]:132/sctp", { who: "2001:db8::1", port: 132, protocol: "sctp" }],
])("%s", (text, target) => {
  expect(parseTarget(text)).toEqual(target);
});

test("whatever is written is a target, or is told what is wrong with it", () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^[[\]:./a-f0-9%-]{0,24}$/));
  fc.assert(
    fc.property(anything, (text) => {
      try {
        const { who, port } = parseTarget(text);
        expect(who).not.toBe("");
        if (port !== undefined) expect(port >= 1 && port <= 65_535).toBe(true);
      } catch (error) {
        expect(TsdError.is(error) && error.kind === "invalid-input" && error.message.includes(text)).toBe(true);
      }
    }),
  );
});
