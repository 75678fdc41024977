import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { elementsOf } from "../../../src/nat/nftables/intent-elements.js";
import { creation } from "../../../src/nat/nftables/nft-json.js";
import { parseListing } from "../../../src/nat/nftables/nft-listing.js";
import { anyIntent } from "./intents.js";

const listing = (...objects: readonly unknown[]) =>
  JSON.stringify({ nftables: [{ metainfo: { version: "1.0.6" } }, ...objects] });
const map = (name: string, elem: readonly unknown[]) => ({ map: { family: "inet", table: "tsd", name, elem } });

describe("a listing by nft 1.0.6", () => {
  test("gives chains, sets and elements", () => {
    const read = parseListing(
      listing(
        { table: { family: "inet", name: "tsd" } },
        { chain: { family: "inet", table: "tsd", name: "schema_1", handle: 1 } },
        { set: { family: "inet", table: "tsd", name: "bridges", elem: [{ elem: { val: "br0", comment: "abc" } }] } },
        map("publish4", [[{ elem: { val: { concat: ["tcp", 80] }, comment: "abc" } }, { concat: ["10.0.0.2", 8080] }]]),
        map("publish4_range", [[{ concat: ["udp", { range: [9000, 9010] }] }, "10.0.0.2"]]),
        { rule: { family: "inet", table: "tsd", chain: "forward", expr: [] } },
      ),
    );
    expect(read).toEqual({
      chains: ["schema_1"],
      sets: ["bridges", "publish4", "publish4_range"],
      elements: [
        { set: "bridges", key: ["br0"], owner: "abc" },
        { set: "publish4", key: ["tcp", 80], data: ["10.0.0.2", 8080], owner: "abc" },
        { set: "publish4_range", key: ["udp", { first: 9000, last: 9010 }], data: ["10.0.0.2"], owner: "" },
      ],
    });
  });

  test("may number protocols, where /etc/protocols is missing", () => {
    const { elements } = parseListing(listing(map("publish4", [[{ concat: [6, 80] }, { concat: ["10.0.0.2", 80] }]])));
    expect(elements.map(({ key }) => key)).toEqual([["tcp", 80]]);
  });

  test.each([
    ["another table", { set: { family: "inet", table: "other", name: "bridges", elem: ["br0"] } }],
    ["an unknown set", { set: { family: "inet", table: "tsd", name: "novelty", elem: ["br0"] } }],
    [
      "an element of unknown shape",
      map("publish4", [[{ elem: { val: { novelty: 1 } } }, { concat: ["10.0.0.2", 80] }], 7]),
    ],
    [
      "a range of addresses",
      { set: { family: "inet", table: "tsd", name: "snat4", elem: [["br0", "10.0.0.1-10.0.0.9"]] } },
    ],
    ["a set without elements", map("publish4", [])],
    ["an unknown object", { novelty: { table: "tsd" } }],
  ])("passes over %s", (_name, object) => {
    expect(parseListing(listing(object)).elements).toEqual([]);
  });
});

test("elements survive the way to JSON and back", () => {
  fc.assert(
    fc.property(fc.array(anyIntent, { maxLength: 4 }), (intents) => {
      const elements = elementsOf(intents);
      const sets = creation(elements).nftables.flatMap((command) => {
        const { create } = command as { create?: { element: unknown } };
        return create === undefined ? [] : [{ set: create.element }];
      });
      const read = parseListing(listing(...sets)).elements;
      expect(new Set(read.map((element) => JSON.stringify(element)))).toEqual(
        new Set(
          elements.map(({ set, key, owner, data }) => JSON.stringify({ set, key, owner, ...(data && { data }) })),
        ),
      );
    }),
  );
});

test("no value makes the reader throw", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(
        Array.isArray(parseListing(JSON.stringify({ nftables: [value, map("publish4", [value])] })).elements),
      ).toBe(true);
    }),
  );
});
