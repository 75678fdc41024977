import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Namespace } from "../support/lab/namespace.js";
import { PackedProject } from "../support/lab/packed-project.js";
import { mustRun } from "../support/lab/program.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

const guide = readFileSync("docs/plugins.md", "utf8");
const programs = [...guide.matchAll(/```ts\n\/\/ ([\w.-]+\.ts)\n([\s\S]*?)```/g)];
/** Commands in the order of the page, and what it says that they print. */
const sessions = [...guide.matchAll(/```sh\n([\s\S]*?)```\n(?:(?:(?!```)[\s\S])*?\n```text\n([\s\S]*?)```\n)?/g)];

/** Milliseconds. A verification takes a minute or two. */
const timeout = 600_000;

let project: PackedProject;
beforeAll(async () => {
  project = await PackedProject.create();
  for (const [, file = "", program = ""] of programs) project.write(file, program);
  // The directories of plug-ins stay.
  await lab().host.mustTsd(["plugin", "add", join(project.directory, "lamp.ts")]);
  await lab().host.mustTsd(["plugin", "rm", "lamp"]);
  await lab().settle();
});
afterAll(() => project.remove());

test("every program of docs/plugins.md compiles against the package", async () => {
  expect(guide.split("```ts\n")).toHaveLength(programs.length + 1);
  expect(await project.typeErrors()).toBe("");
});

test(
  "docs/plugins.md leads from a file to a verified driver, word by word",
  async () => {
    const { host } = lab();
    const env = { TSD_ROOT: host.root, TSD_RUN: host.runDirectory, PATH: `${resolve("bin")}:${process.env.PATH}` };
    for (const [, commands = "", output] of sessions) {
      const said = await host.mustRun(["sh", "-ec", `cd "$0"\n${commands}`, project.directory], { env, timeout });
      if (output !== undefined) expect(said).toContain(output);
    }
  },
  timeout,
);

test("a program of the page attaches a namespace by its own driver", async () => {
  const { host } = lab();
  const env = { TSD_ROOT: host.root, TSD_RUN: host.runDirectory, PATH: process.env.PATH ?? "" };
  await Namespace.create("mine");
  const said = await host.mustRun([process.execPath, join(project.directory, "with-wire.ts")], { env });
  await mustRun(["ip", "netns", "delete", "mine"]);
  expect(said).toBe("10.31.0.2/24\n");
});
