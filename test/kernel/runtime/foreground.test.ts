import { type SpawnOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { build } from "esbuild";
import type { RuntimeSpec } from "../../../src/api/index.js";
import { ContainerFixture } from "./container-fixture.js";

const fixture = new ContainerFixture();
const cache = new URL("../../../node_modules/.cache/", import.meta.url).pathname;
const program = `${cache}foreground-${process.pid}.mjs`;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  const entry = new URL("foreground-program.ts", import.meta.url).pathname;
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: program,
  });
});
afterEach(async () => expect(await fixture.residue()).toEqual([]));
afterAll(() => {
  rmSync(program, { force: true });
  fixture.dispose();
});

function argument(spec: RuntimeSpec): string {
  const { runDir, logDir } = fixture;
  return JSON.stringify({ options: { runDir, logDir, exitCommand: ["/bin/true"] }, spec });
}

function foreground(
  command: readonly string[],
  more: Partial<RuntimeSpec> = {},
  stdio: SpawnOptions["stdio"] = "pipe",
) {
  const child = spawn(process.execPath, [program, argument(fixture.spec(command, more))], { stdio });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    child,
    ended,
    stdout: child.stdout ? buffer(child.stdout) : Promise.resolve(Buffer.alloc(0)),
    stderr: child.stderr ? buffer(child.stderr) : Promise.resolve(Buffer.alloc(0)),
  };
}

const md5 = (data: Buffer) => createHash("md5").update(data).digest("hex");

describe("a foreground container without a terminal", () => {
  test("has its streams apart and answers its exit code", async () => {
    const { child, ended, stdout, stderr } = foreground(["sh", "-c", "echo out; echo err >&2; exit 3"]);
    expect(await ended).toBe(3);
    expect((await stdout).toString()).toBe("out\n");
    expect((await stderr).toString()).toBe("err\n");
    child.stdin?.end();
  });

  test("gets ten megabytes of input and gives them back to a slow reader, byte by byte", async () => {
    const data = Buffer.alloc(10 * 2 ** 20, "0123456789abcdef\n");
    for (let offset = 0; offset < data.length; offset += 4096) data.writeUInt32LE(offset, offset);
    const child = spawn(process.execPath, [program, argument(fixture.spec(["cat"], { interactive: true }))]);
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.stdin.end(data);
    const chunks: Buffer[] = [];
    await sleep(500);
    for await (const chunk of child.stdout) {
      chunks.push(chunk as Buffer);
      if (chunks.length % 20 === 0) await sleep(1);
    }
    expect(await ended).toBe(0);
    expect(md5(Buffer.concat(chunks))).toBe(md5(data));
  });

  test("ends although its standard input stays open", async () => {
    const { child, ended, stdout } = foreground(["sh", "-c", "read line; echo got $line"], { interactive: true });
    child.stdin?.write("this\n");
    expect(await ended).toBe(0);
    expect((await stdout).toString()).toBe("got this\n");
  });

  test("sees the end of its input, and none at all unless interactive", async () => {
    const wanted = foreground(["wc", "-c"], { interactive: true });
    wanted.child.stdin?.end("12345");
    expect((await wanted.stdout).toString()).toBe("5\n");
    const unwanted = foreground(["wc", "-c"]);
    unwanted.child.stdin?.end("12345");
    expect((await unwanted.stdout).toString()).toBe("0\n");
    expect(await unwanted.ended).toBe(0);
    expect(await wanted.ended).toBe(0);
  });

  test("loses nothing of output written just before the end, again and again", async () => {
    for (let round = 0; round < 8; round += 1) {
      const { ended, stdout } = foreground(["sh", "-c", "seq 1 3000"]);
      expect(await ended).toBe(0);
      expect((await stdout).toString().split("\n")).toHaveLength(3001);
    }
  });
});

describe("a foreground container on a terminal", () => {
  /** Types into a terminal of 33 × 101 in which the container runs; answers what was shown, and the exit code. */
  async function onTerminal(
    script: string,
    keys: readonly (readonly [after: string, type: string])[],
    before = "true",
  ) {
    const spec = fixture.spec(["sh", "-c", script], { tty: true, interactive: true, env: ["PATH=/bin", "TERM=xterm"] });
    const lines = [
      `stty rows 33 cols 101; ${before}`,
      '"$NODE" "$PROGRAM" "$ARGUMENT"',
      'echo "code=$?"; stty -a | grep -o " -*icanon"',
    ];
    const env = { ...process.env, NODE: process.execPath, PROGRAM: program, ARGUMENT: argument(spec) };
    const child = spawn("script", ["-qec", lines.join("\n"), "/dev/null"], { stdio: ["pipe", "pipe", "inherit"], env });
    let shown = "";
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.stdout.on("data", (chunk: Buffer) => {
      shown += chunk.toString();
    });
    for (const [after, type] of keys) {
      for (let tries = 0; !shown.includes(after) && tries < 1000; tries += 1) await sleep(5);
      child.stdin.write(type);
    }
    await ended;
    return shown;
  }

  test("has its size, echoes what is typed, and gives the terminal back as it was", async () => {
    const shown = await onTerminal("stty size; tty; read line; echo [$line]; exit 5", [["/dev/pts", "typed\r"]]);
    expect(shown).toBe("33 101\r\n/dev/pts/0\r\ntyped\r\n[typed]\r\ncode=5\r\n icanon\r\n");
  });

  test("gets Ctrl-C as a signal of its own", async () => {
    const shown = await onTerminal(
      "trap 'echo caught; exit 9' INT; echo ready; for i in $(seq 60); do sleep 0.05; done",
      [["ready", "\x03"]],
    );
    expect(shown).toContain("caught");
    expect(shown).toContain("code=9");
  });

  test("hears of a new size", async () => {
    const script = "trap 'stty size; exit 0' WINCH; echo ready; for i in $(seq 60); do sleep 0.05; done";
    const shown = await onTerminal(script, [], "TTY=$(tty); (sleep 0.6; stty rows 20 cols 70 < $TTY) &");
    expect(shown).toContain("ready\r\n20 70\r\n");
  });
});
