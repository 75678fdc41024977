import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Resource } from "../../../../src/api/index.js";
import { interleave } from "../../../../src/engine/resources/interleave.js";

const kinds = ["link", "sysctl", "address", "publish"];

/** Resources that say which list they are of, and where in it they stand. */
function numbered(lists: readonly (readonly string[])[]): readonly (readonly Resource[])[] {
  return lists.map((list, of) => list.map((kind, at) => ({ kind, of, at }) as unknown as Resource));
}

function kindsOf(resources: readonly Resource[]): string {
  return resources.map(({ kind }) => kind).join(" ");
}

test.each<[string, readonly (readonly string[])[], string]>([
  ["nothing", [], ""],
  [
    "lists of one shape",
    [
      ["link", "address"],
      ["link", "address"],
    ],
    "link link address address",
  ],
  [
    "lists that lack a kind of each other's",
    [
      ["link", "address", "publish"],
      ["link", "sysctl", "address"],
    ],
    "link link sysctl address address publish",
  ],
  [
    "lists that contradict each other",
    [
      ["link", "address"],
      ["address", "link"],
    ],
    "link address address link",
  ],
])("joins %s", (_what, lists, joined) => {
  expect(kindsOf(interleave(numbered(lists)))).toBe(joined);
});

test("keeps each list whole and in its order, whatever they are", () => {
  const list = fc.array(fc.constantFrom(...kinds), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(list, { maxLength: 6 }), (shapes) => {
      const lists = numbered(shapes);
      const joined = interleave(lists);
      expect(lists.map((_list, of) => joined.filter((one) => (one as unknown as { of: number }).of === of))).toEqual(
        lists,
      );
      expect(joined).toHaveLength(lists.flat().length);
    }),
  );
});
