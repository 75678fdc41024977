import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { SeededProject } from "../../support/house/seeded-project.js";

const project = new SeededProject();
let result: ReturnType<SeededProject["run"]>;

beforeAll(() => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  const dependencies = { ...manifest.dependencies, "left-pad": "1.0.0" };
  project.write("package.json", JSON.stringify({ ...manifest, scripts: {}, dependencies }));
  cpSync("knip.json", join(project.root, "knip.json"));
  project.write("src/main.ts", 'import { used } from "./part.js"; used();');
  project.write(
    "src/part.ts",
    "export function used(): void {} export function unused(): void {} export type Idle = 1;",
  );
  project.write("src/dead.ts", "export {};");
  result = project.run("knip", "--no-progress");
});
afterAll(() => project.remove());

test.each([
  ["a dead file", /Unused files[\s\S]*src\/dead\.ts/],
  ["a dead export", /Unused exports[\s\S]*unused +function +src\/part\.ts/],
  ["a dead type", /Unused exported types[\s\S]*Idle +type +src\/part\.ts/],
  ["a dead dependency", /Unused dependencies[\s\S]*left-pad/],
])("%s bites", (_, pattern) => expect(result.output).toMatch(pattern));

test("and the run fails", () => expect(result.status).not.toBe(0));
