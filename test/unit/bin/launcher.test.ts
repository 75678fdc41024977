import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

/** An installation whose program and whose Node.js are shell scripts that say what they were called with. */
const root = mkdtempSync(join(tmpdir(), "tsd-launcher-"));
afterAll(() => rmSync(root, { recursive: true }));

interface Call {
  readonly launcher?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function launch({ launcher = join(root, "bin/tsd"), env = {}, cwd = root }: Call): {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
} {
  const path = `${join(root, "path")}:/usr/bin:/bin`;
  return spawnSync(launcher, ["ps", "a b"], { cwd, encoding: "utf8", env: { PATH: path, ...env } });
}

function addProgram(file: string): void {
  mkdirSync(join(root, file, ".."), { recursive: true });
  writeFileSync(join(root, file), `#!/bin/sh\nprintf '%s|' ${file} "$@"\n`);
  chmodSync(join(root, file), 0o755);
}

beforeAll(() => {
  mkdirSync(join(root, "bin"));
  mkdirSync(join(root, "dist"));
  for (const file of ["tsd", "tsd-cni", "start-program"]) cpSync(join("bin", file), join(root, "bin", file));
  for (const file of ["tsd.cjs", "tsd-cni.cjs"]) writeFileSync(join(root, "dist", file), "");
  addProgram("path/node");
});

describe("the launcher", () => {
  const said = (node: string): string => `${node}|--min-semi-space-size=16|--|${root}/bin/../dist/tsd.cjs|ps|a b|`;

  test("runs the program with the node of PATH", () => expect(launch({}).stdout).toBe(said("path/node")));

  test("prefers the project's node, and TSD_NODE to both", () => {
    addProgram(".runtime/node_modules/.bin/node");
    addProgram("other/node");
    expect(launch({}).stdout).toBe(said(".runtime/node_modules/.bin/node"));
    expect(launch({ env: { TSD_NODE: join(root, "other/node") } }).stdout).toBe(said("other/node"));
    rmSync(join(root, ".runtime"), { recursive: true });
  });

  test("finds its installation through links, absolute and relative", () => {
    symlinkSync(join(root, "bin/tsd"), join(root, "absolute"));
    symlinkSync("../absolute", join(root, "path/tsd"));
    expect(launch({ launcher: join(root, "path/tsd") }).stdout).toBe(said("path/node"));
  });

  test("works by a relative path", () => {
    expect(launch({ launcher: "./tsd", cwd: join(root, "bin") }).stdout).toContain("./../dist/tsd.cjs|ps|a b|");
  });

  test("says in a sentence that there is no node", () => {
    const { stderr, status } = launch({ env: { TSD_NODE: "/nowhere/node" } });
    expect(stderr).toMatch(/^tsd: no Node.js: \/nowhere\/node is not a program\nhint: /);
    expect(status).toBe(1);
  });

  test("of the plug-in of CNI, too, found by the link that a runtime calls", () => {
    symlinkSync(join(root, "bin/tsd-cni"), join(root, "linked"));
    const { stdout } = launch({ launcher: join(root, "linked") });
    expect(stdout).toBe(`path/node|--min-semi-space-size=16|--|${root}/bin/../dist/tsd-cni.cjs|`);
    const failed = launch({ launcher: join(root, "linked"), env: { TSD_NODE: "/nowhere/node" } });
    expect(JSON.parse(failed.stdout)).toMatchObject({ code: 50, msg: "no Node.js: /nowhere/node is not a program" });
    expect(failed).toMatchObject({ status: 1, stderr: "" });
  });

  test("prefers the executable to the node of PATH, and TSD_NODE to the executable", () => {
    addProgram("dist/tsd");
    addProgram("dist/tsd-cni");
    expect(launch({}).stdout).toBe("dist/tsd|ps|a b|");
    expect(launch({ launcher: join(root, "bin/tsd-cni") }).stdout).toBe("dist/tsd-cni|");
    expect(launch({ env: { TSD_NODE: join(root, "path/node") } }).stdout).toBe(said("path/node"));
    // Its runtime would not start.
    const gone = `mkdir ${root}/gone; cd ${root}/gone; rmdir ${root}/gone; exec ${root}/bin/tsd ps "a b"`;
    const { stdout } = spawnSync("sh", ["-c", gone], { encoding: "utf8", env: { PATH: `${root}/path:/usr/bin:/bin` } });
    expect(stdout).toBe(said("path/node"));
    for (const name of ["tsd", "tsd-cni"]) rmSync(join(root, "dist", name));
  });

  test("says in a sentence that nothing is built", () => {
    rmSync(join(root, "dist/tsd.cjs"));
    const { stderr, status } = launch({});
    expect(stderr).toMatch(/^tsd: .*dist\/tsd\.cjs does not exist\nhint: Run script\/bootstrap/);
    expect(status).toBe(1);
  });

  test("keeps Node.js from the file after --env-file", () => {
    const program = join(root, "dist/tsd.cjs");
    writeFileSync(program, "console.log(JSON.stringify(process.argv.slice(2)))");
    for (const words of [["--env-file", "/nowhere"], ["--env-file=/nowhere"]]) {
      const { stdout } = spawnSync(join(root, "bin/tsd"), words, {
        cwd: root,
        encoding: "utf8",
        env: { TSD_NODE: process.execPath },
      });
      expect(JSON.parse(stdout)).toEqual(words);
    }
  });

  test("is small enough to cost nothing", () => expect(readFileSync("bin/tsd").length).toBeLessThan(2048));
});
