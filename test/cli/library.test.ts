import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Namespace } from "../support/lab/namespace.js";
import { PackedProject } from "../support/lab/packed-project.js";
import { mustRun } from "../support/lab/program.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

interface Example {
  readonly file: string;
  readonly program: string;
  /** What it prints, where docs/library.md says so. */
  readonly output?: string;
}

const block = /```ts\n\/\/ ([\w-]+\.ts)\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```\n)?/g;
const examples = [...readFileSync("docs/library.md", "utf8").matchAll(block)].map(
  ([, file = "", program = "", output]): Example => ({ file, program, ...(output === undefined ? {} : { output }) }),
);
const running = examples.filter(({ output }) => output !== undefined);

let project: PackedProject;
beforeAll(async () => {
  project = await PackedProject.create();
  for (const { file, program } of examples) project.write(file, program);
});
afterAll(() => project.remove());

test("every example of docs/library.md compiles against the package", async () => {
  expect(readFileSync("docs/library.md", "utf8").split("```ts\n")).toHaveLength(examples.length + 1);
  expect(await project.typeErrors()).toBe("");
});

test("README's program is one of them", () => {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
  expect(examples.map((example) => example.program)).toContain(program);
});

test("a program that has the types wrong does not compile, so that the others prove something", async () => {
  project.write(
    "wrong.ts",
    `import { openTsd } from "@tsdnet/tsd";\n(await openTsd()).networks.create({ name: 1 });\n`,
  );
  expect(await project.typeErrors()).toMatch(/wrong\.ts\(2,\d+\): error TS2322/);
});

test.each(running)("$file does what docs/library.md says", async ({ file, output }) => {
  const { host } = lab();
  const env = {
    PATH: process.env.PATH ?? "",
    TSD_ROOT: host.root,
    TSD_RUN: host.runDirectory,
    TSD_NODE: process.execPath,
  };
  await Namespace.create("mine");
  const said = await host.run([process.execPath, join(project.directory, file)], { env });
  await mustRun(["ip", "netns", "delete", "mine"]);
  expect(said).toEqual({ stdout: output, stderr: "", code: 0 });
});
