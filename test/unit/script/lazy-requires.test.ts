import { expect, test } from "@jest/globals";
import { delayRequires } from "../../../script/esbuild/lazy-requires.js";

/** Runs CommonJS text with a `require` that notes what it loads. */
function evaluate(source: string): { readonly exports: Record<string, unknown>; readonly loaded: string[] } {
  const loaded: string[] = [];
  const modules: Readonly<Record<string, unknown>> = {
    "./a": {
      make: (x: number) => x + 1,
      Thing: class {
        readonly is = "thing";
      },
    },
    b: class {
      readonly is = "default";
    },
  };
  const load = (name: string): unknown => {
    loaded.push(name);
    return modules[name];
  };
  const importDefault = (value: unknown): unknown => ({ default: value });
  const exports: Record<string, unknown> = {};
  new Function("require", "exports", "__importDefault", source)(load, exports, importDefault);
  return { exports, loaded };
}

const source = delayRequires(`"use strict";
const a_1 = require("./a");
const b_1 = __importDefault(require("b"));
exports.call = () => (0, a_1.make)(1);
exports.construct = () => [new a_1.Thing().is, new b_1.default().is];
exports.text = "a_1 and not_a_1";
`);

test("nothing is required before it is used, and then once", () => {
  const { exports, loaded } = evaluate(source);
  expect(loaded).toEqual([]);
  expect((exports.call as () => number)()).toBe(2);
  (exports.call as () => number)();
  expect(loaded).toEqual(["./a"]);
});

test("what a module holds can be constructed", () => {
  const { exports } = evaluate(source);
  expect((exports.construct as () => string[])()).toEqual(["thing", "default"]);
});

test("a require that is no plain import stays", () => {
  const text = 'const x = require("./a").y;\nconst { z } = require("b");\n';
  expect(delayRequires(text)).toBe(text);
});
