import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { callProgram, type ForeignCall } from "../../../src/hosts/foreign/call-program.js";
import { until } from "../runtime/container-fixture.js";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "foreign-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function program(name: string, script: string, mode = 0o755): string {
  const file = join(directory, name);
  writeFileSync(file, script);
  chmodSync(file, mode);
  return file;
}

function call(script: string, rest: Partial<ForeignCall> = {}) {
  const file = program(`p${Math.random()}`, `#!/bin/sh\n${script}`);
  return callProgram({ subject: 'plug-in "p", verb v', file, args: [], ...rest });
}

describe("a program of others'", () => {
  test("gets its input, arguments and environment, and nothing else", async () => {
    const { stdout, stderr, exitCode } = await call(
      'cat; echo "$1|$(pwd)"; env; ls /proc/self/fd | wc -l >&2; exit 3',
      {
        ...{ args: ["a b;$(c)"], input: "in\n", env: { KEY: "value" } },
      },
    );
    expect(exitCode).toBe(3);
    const [input, place, ...env] = stdout.trim().split("\n");
    expect([input, place]).toEqual(["in", "a b;$(c)|/"]);
    expect(
      env
        .map((line) => line.split("=")[0])
        .filter((name) => !["_", "SHLVL", "OLDPWD"].includes(name ?? ""))
        .sort(),
    ).toEqual(["KEY", "PATH", "PWD"]);
    // Standard streams, and the directory that ls reads.
    expect(stderr.trim()).toBe("4");
  });

  test("is over when it exits, whatever holds its output", async () => {
    const { stdout } = await call("sleep 20 & echo $!");
    process.kill(Number(stdout), "SIGKILL");
  });

  test("that hangs is killed with its process group", async () => {
    const pids = join(directory, "pids");
    await expect(call(`sleep 1000 & echo $! $$ >${pids}; wait`, { timeout: 500 })).rejects.toMatchObject({
      kind: "plugin",
      message: 'plug-in "p", verb v: it did not end within 0.5 seconds',
    });
    const [child = "", own = ""] = readFileSync(pids, "utf8").trim().split(" ");
    for (const pid of [child, own]) await until(() => isGone(pid));
  });

  test.each<[name: string, script: string, message: RegExp]>([
    ["floods its output", "yes", /: it printed more than 1 MiB$/],
    ["is ended by a signal", "kill -9 $$", /: signal 9 ended it$/],
  ])("that %s fails", async (_, script, message) => {
    await expect(call(script)).rejects.toMatchObject({ kind: "plugin", message: expect.stringMatching(message) });
  });

  test("that floods its errors has the first of them kept", async () => {
    const { stdout, stderr } = await call("head -c 9000000 /dev/zero | tr '\\0' x >&2; echo done");
    expect([stdout, stderr.length]).toEqual(["done\n", 65_536]);
  });

  test.each<[fault: string, make: () => string, message: RegExp]>([
    ["missing", () => join(directory, "none"), /its program .*none is missing$/],
    ["a directory", () => directory, /is not a regular file$/],
    ["not executable", () => program("text", "#!/bin/sh\n", 0o644), /is not executable$/],
    ["others' to write", () => program("open", "#!/bin/sh\n", 0o757), /can be changed by other users$/],
    [
      "another group's to write",
      () => {
        const file = program("group", "#!/bin/sh\n", 0o775);
        chownSync(file, 0, 12_345);
        return file;
      },
      /can be changed by other users$/,
    ],
    [
      "another user's",
      () => {
        const file = program("user", "#!/bin/sh\n");
        chownSync(file, 12_345, 0);
        return file;
      },
      /belongs to user 12345, and not to root$/,
    ],
    [
      "for an interpreter that is missing",
      () => program("script", "#!/no/such\n"),
      /it cannot be started: No such file/,
    ],
  ])("is not run if it is %s", async (_, make, message) => {
    const started = callProgram({ subject: "s", file: make(), args: [] });
    await expect(started).rejects.toMatchObject({ kind: "plugin", message: expect.stringMatching(message) });
  });
});

function isGone(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.startsWith("Z") ?? true;
  } catch {
    return true;
  }
}
