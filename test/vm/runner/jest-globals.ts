import { format } from "node:util";
import { type Body, innermost, nest } from "./scope.js";

export { expect } from "expect";

/** Milliseconds. The virtual machine as a whole is bounded, too. */
const PATIENCE = 600_000;

type RowBody = (...row: readonly unknown[]) => unknown;

/** The part of `@jest/globals` that tests of test/vm use, and the contracts that they share with other tests. */
export const describe = Object.assign(nest, { each: eachOf(nest) });

export const test = Object.assign(declareTest, { each: eachOf(declareTest) });

export const beforeAll = (body: Body) => innermost().beforeAll.push(body);
export const afterAll = (body: Body) => innermost().afterAll.push(body);
export const beforeEach = (body: Body) => innermost().beforeEach.push(body);
export const afterEach = (body: Body) => innermost().afterEach.push(body);

function declareTest(name: string, body: Body): void {
  innermost().content.push({ name, body, timeout: PATIENCE });
}

function eachOf(declare: (name: string, body: Body) => void) {
  return (rows: readonly unknown[]) =>
    (title: string, body: RowBody): void => {
      for (const row of rows) {
        const words = Array.isArray(row) ? row : [row];
        declare(titleOf(title, words), () => body(...words));
      }
    };
}

/** Words in the place of %s and its kin, properties of the first in the place of $name. */
function titleOf(title: string, words: readonly unknown[]): string {
  const [first] = words;
  const named = title.replaceAll(/\$(\w+)/g, (whole, key) => {
    const value = typeof first === "object" && first !== null ? Reflect.get(first, key) : undefined;
    return value === undefined ? whole : String(value);
  });
  const places = named.match(/%[a-z]/g)?.length ?? 0;
  return format(named, ...words.slice(0, places));
}
