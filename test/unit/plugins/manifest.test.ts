import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { entryOf } from "../../../src/plugins/installed/entry-of.js";
import { type Manifest, readManifest } from "../../../src/plugins/installed/manifest.js";

const whole = {
  name: "@acme/net",
  version: "1.2.3",
  exports: { ".": { types: "./x.d.ts", import: "./x.js" } },
  dependencies: { ipaddr: "1" },
  tsd: { apiVersion: 1, drivers: { ptp: "Routed" }, ipam: { dhcp: "By DHCP" } },
};

function read(json: unknown): Manifest {
  return readManifest(typeof json === "string" ? json : JSON.stringify(json), "/srv/net");
}

test("a package says its name, its module, and what it brings", () => {
  expect(read(`\ufeff${JSON.stringify(whole)}`)).toEqual({
    ...{ name: "@acme/net", version: "1.2.3", entry: "x.js", hasDependencies: true },
    declared: { drivers: { ptp: "Routed" }, natBackends: {}, ipam: { dhcp: "By DHCP" } },
  });
  expect(read({ name: "x", dependencies: {} })).toEqual({
    ...{ name: "x", version: "", entry: "index.js", hasDependencies: false },
  });
});

test.each([
  ["{", /^plug-in "\/srv\/net" has a package\.json that is not valid JSON$/],
  ["[]", /is not an object$/],
  ["null", /is not an object$/],
  [{}, /without a valid name$/],
  [{ name: "../x" }, /without a valid name$/],
  [{ name: "a\u001b[31m" }, /without a valid name$/],
  [{ name: "a".repeat(215) }, /without a valid name$/],
  [{ ...whole, version: 1 }, /whose version is not a short text$/],
  [{ ...whole, exports: "../x.js" }, /names no module of its own$/],
  [{ ...whole, tsd: [] }, /field "tsd" is not an object$/],
  [{ ...whole, tsd: { apiVersion: 2 } }, /^plug-in "@acme\/net" was written for API version 2, and this tsd has 1$/],
  [{ ...whole, tsd: {} }, /does not say for which API version/],
  [{ ...whole, tsd: { apiVersion: 1, nat: ["x"] } }, /field "tsd\.nat" is not an object of names/],
  [{ ...whole, tsd: { apiVersion: 1, drivers: { x: 1 } } }, /field "tsd\.drivers" is not/],
  [{ ...whole, tsd: { apiVersion: 1, drivers: { x: "y".repeat(201) } } }, /field "tsd\.drivers" is not/],
])("%j is refused in words", (json, message) => {
  expect(() => read(json)).toThrow(message);
});

test("whatever a package.json holds, it is read or refused in words", () => {
  const values = fc.oneof(
    fc.json(),
    fc.jsonValue().map((tsd) => JSON.stringify({ ...whole, tsd })),
    fc.string(),
  );
  const property = fc.property(values, (text) => {
    try {
      read(text);
    } catch (error) {
      expect(TsdError.is(error, "plugin")).toBe(true);
    }
  });
  fc.assert(property);
});

describe("the module of a package", () => {
  test.each([
    [{}, "index.js"],
    [{ main: "lib/x.cjs" }, "lib/x.cjs"],
    [{ main: "y", exports: "./x.js" }, "x.js"],
    [{ exports: { require: "./x.cjs", default: "./x.js" } }, "x.cjs"],
    [{ exports: { browser: "./b.js", ".": "./x.js" } }, "x.js"],
    [{ exports: { ".": { node: { import: "./n.js" } }, "./y": "./y.js" } }, "n.js"],
    [{ exports: { "./y": "./y.js" } }, undefined],
    [{ main: "../x.js" }, undefined],
    [{ main: "a/../../x.js" }, undefined],
    [{ main: "/etc/x.js" }, undefined],
    [{ main: "." }, undefined],
    [{ main: "a\u0000.js" }, undefined],
    [{ main: 1 }, undefined],
  ])("of %j is %s", (json, entry) => expect(entryOf(json)).toBe(entry));
});
