import { resolve } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { SeededProject } from "../../support/house/seeded-project.js";

const project = new SeededProject();
afterAll(() => project.remove());

test.each([
  ["a wrong type", "export const a: string = 1;"],
  ["an unchecked index", "export const a = (x: readonly string[]): string => x[0];"],
  ["an implicit any", "export function f(a) { return a; }"],
  ["a missing override", "class A { b(): void {} } export class C extends A { b(): void {} }"],
  ["undefined for an optional property", "export const a: { b?: string } = { b: undefined };"],
])("%s bites", (_, code) => {
  project.write("tsconfig.json", JSON.stringify({ extends: resolve("tsconfig.json"), include: ["src"] }));
  project.write("src/seed.ts", code);
  const { status, output } = project.run("tsc");
  expect(output).toMatch(/^src\/seed\.ts\(1,\d+\): error TS/);
  expect(status).not.toBe(0);
});
