import { cpSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { SeededProject } from "../../support/house/seeded-project.js";

/** Each rule of biome.json that is set by name, with code that breaks it. */
const lintViolations: Readonly<Record<string, string>> = {
  "complexity/noExcessiveCognitiveComplexity": `export function f(a: number): number { ${"if (a) { if (a) { if (a) { a; } } }".repeat(5)} return a; }`,
  "complexity/noExcessiveLinesPerFunction": `export function f(): void {\n${"f();\n".repeat(61)}}`,
  "complexity/noUselessCatchBinding": "try { JSON.parse('1'); } catch (error) {}",
  "complexity/useMaxParams": "export function f(a: 1, b: 2, c: 3, d: 4, e: 5): unknown { return [a, b, c, d, e]; }",
  "correctness/noUndeclaredDependencies": 'export * from "left-pad";',
  "correctness/noUnusedFunctionParameters": "export function f(a: number): void {}",
  "correctness/noUnusedImports": 'import { a } from "./a.js"; export {};',
  "correctness/noUnusedInstantiation": "new Map();",
  "nursery/noAwaitInPromiseMethods":
    "export const f = async (a: Promise<1>): Promise<unknown> => Promise.all([await a]);",
  "nursery/noBaseToString": "const o: object = {}; export const s = String(o);",
  "nursery/noFloatingPromises": "async function f(): Promise<void> {} export function g(): void { f(); }",
  "nursery/noMisusedPromises": "async function f(): Promise<boolean> { return true; } export const a = f() ? 1 : 2;",
  "nursery/noNull": "export const a = null;",
  "nursery/noSelfImport": 'export * from "./no-self-import.js";',
  "nursery/useAwaitThenable": "export async function f(): Promise<void> { await 1; }",
  "nursery/useExhaustiveSwitchCases":
    "type T = 'a' | 'b'; export function f(t: T): void { switch (t) { case 'a': break; } }",
  "style/noDefaultExport": "export default 1;",
  "style/noEnum": "export enum E { A }",
  "style/noExcessiveLinesPerFile": "export const a = 1;\n".repeat(301),
  "style/noInferrableTypes": "export function f(a: number = 1): number { return a; }",
  "style/noNamespace": "export namespace N { export const a = 1; }",
  "style/noNestedTernary": "export const f = (a: number): number => (a ? 1 : a > 2 ? 3 : 4);",
  "style/noNonNullAssertion": "export const f = (a?: string): string => a!.trim();",
  "style/noParameterAssign": "export function f(a: number): number { a = 2; return a; }",
  "style/noUselessElse": "export function f(a: number): number { if (a) { return 1; } else { return 2; } }",
  "style/useCollapsedElseIf": "export function f(a: 1): void { if (a) { f(a); } else { if (a) { f(a); } } }",
  "style/useConsistentArrayType": "export const a: Array<number> = [];",
  "style/useFilenamingConvention": "export {};",
  "style/useReadonlyClassProperties": "export class C { private a = 1; b(): number { return this.a; } }",
  "style/useSingleVarDeclarator": "const a = 1, b = 2; export { a, b };",
  "style/useThrowNewError": "throw Error('a');",
  "style/useThrowOnlyError": "throw 'a';",
  "suspicious/noConsole": "console.log(1);",
  "suspicious/noEvolvingTypes": "let a; a = 1; export const b = a;",
  "suspicious/noExplicitAny": "export const a: any = 1;",
  "suspicious/noTsIgnore": "// @ts-ignore\nexport const a = 1;",
  "suspicious/useErrorMessage": "throw new Error();",
};

const testViolations: Readonly<Record<string, string>> = {
  "suspicious/noFocusedTests": 'import { test } from "@jest/globals"; test.only("a", () => {});',
  "suspicious/noSkippedTests": 'import { test } from "@jest/globals"; test.skip("a", () => {});',
};

const violations = { ...lintViolations, ...testViolations };
const settings = JSON.parse(readFileSync("biome.json", "utf8"));
const project = new SeededProject();
let output = "";

/** `style/noEnum` → `src/no-enum.ts`. */
function fileOf(rule: string): string {
  const name = rule.split("/")[1] ?? "";
  if (name === "useFilenamingConvention") return "src/NotKebab.ts";
  return `src/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
}

beforeAll(() => {
  const plugins = settings.plugins.map((plugin: string) => resolve(plugin));
  project.write("biome.json", JSON.stringify({ ...settings, vcs: { enabled: false }, plugins }));
  cpSync("package.json", join(project.root, "package.json"));
  for (const [rule, code] of Object.entries(violations)) project.write(fileOf(rule), code);
  project.write("src/instance-of.ts", "export const f = (e: unknown): boolean => e instanceof TypeError;");
  project.write("src/unformatted.ts", "export   const a = 1");
  ({ output } = project.run("biome", "check", "--max-diagnostics=none", "src"));
});
afterAll(() => project.remove());

test.each(Object.keys(violations))("%s bites", (rule) => {
  expect(output).toMatch(new RegExp(`${fileOf(rule)}(:\\d+:\\d+)? lint/${rule} `));
});

test("every rule that is set is proved here", () => {
  const set = Object.entries<object>(settings.linter.rules).flatMap(([group, rules]) =>
    typeof rules === "object" ? Object.keys(rules).map((rule) => `${group}/${rule}`) : [],
  );
  expect(set.filter((rule) => !Object.keys(violations).includes(rule))).toEqual([]);
});

test("instanceof on an error bites", () => expect(output).toMatch(/instance-of\.ts:\d+:\d+ plugin /));
test("bad format bites", () => expect(output).toMatch(/unformatted\.ts format /));
