import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ContainerFixture } from "./container-fixture.js";
import { ForegroundProgram } from "./foreground-build.js";

const fixture = new ContainerFixture();
const program = new ForegroundProgram(fixture);

beforeAll(() => program.build());
afterEach(async () => expect(await fixture.residue()).toEqual([]));
afterAll(() => {
  program.dispose();
  fixture.dispose();
});

const md5 = (data: Buffer) => createHash("md5").update(data).digest("hex");

describe("a foreground container without a terminal", () => {
  test("has its streams apart and returns its exit code", async () => {
    const { child, ended } = program.start(fixture.spec(["sh", "-c", "echo out; echo err >&2; exit 3"]));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect({ stdout, stderr, code: await ended }).toEqual({ stdout: "out\n", stderr: "err\n", code: 3 });
  });

  test("gets ten megabytes of input and gives them back to a slow reader, byte by byte", async () => {
    const data = Buffer.alloc(10 * 2 ** 20, "0123456789abcdef\n");
    for (let offset = 0; offset < data.length; offset += 4096) data.writeUInt32LE(offset, offset);
    const { child, ended } = program.start(fixture.spec(["cat"], { interactive: true }));
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
    const { child, ended } = program.start(
      fixture.spec(["sh", "-c", "read line; echo got $line"], { interactive: true }),
    );
    child.stdin.write("this\n");
    expect(await text(child.stdout)).toBe("got this\n");
    expect(await ended).toBe(0);
  });

  test.each([
    [true, "5\n"],
    [false, "0\n"],
  ])("interactive %s: counts %j of five bytes of input", async (interactive, counted) => {
    const { child, ended } = program.start(fixture.spec(["wc", "-c"], { interactive }));
    child.stdin.end("12345");
    expect(await text(child.stdout)).toBe(counted);
    expect(await ended).toBe(0);
  });

  test("loses nothing of output written just before the end, again and again", async () => {
    for (let round = 0; round < 8; round += 1) {
      const { child, ended } = program.start(fixture.spec(["seq", "3000"]));
      expect((await text(child.stdout)).split("\n")).toHaveLength(3001);
      expect(await ended).toBe(0);
    }
  });

  test("goes on when nobody reads its output any more", async () => {
    const spec = fixture.spec(["sh", "-c", "while echo y; do sleep 0.01; done"]);
    const { child, ended } = program.start(spec);
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await text(child.stderr)).toContain("TSD_RUNTIME_OUTPUT_LOST");
    expect(await ended).not.toBe(0);
    expect(fixture.runtime.exit(spec.id)).toBeUndefined();
    await fixture.runtime.remove(spec);
  });
});

describe("a foreground container on a terminal", () => {
  const onTerminal = (script: string, keys: readonly (readonly [string, string])[], before?: string) => {
    const spec = fixture.spec(["sh", "-c", script], { tty: true, interactive: true, env: ["PATH=/bin", "TERM=xterm"] });
    return program.onTerminal(spec, { keys, ...(before === undefined ? {} : { before }) });
  };

  test("has its size, echoes what is typed, and gives the terminal back as it was", async () => {
    const shown = await onTerminal("stty size; tty; read line; echo [$line]; exit 5", [["/dev/pts", "typed\r"]]);
    expect(shown).toBe("33 101\r\n/dev/pts/0\r\ntyped\r\n[typed]\r\ncode=5\r\n icanon\r\n");
  });

  test("gets Ctrl-C as a signal of its own", async () => {
    const script = "trap 'echo caught; exit 9' INT; echo ready; for i in $(seq 60); do sleep 0.05; done";
    const shown = await onTerminal(script, [["ready", "\x03"]]);
    expect(shown).toContain("caught\r\n");
    expect(shown).toContain("code=9\r\n");
  });

  test("hears of a new size", async () => {
    const script = "trap 'stty size; exit 0' WINCH; echo ready; for i in $(seq 200); do sleep 0.05; done";
    // Rows alone, since stty sets rows and columns by two calls; and again, until the container is there to hear of it.
    const resize = "TTY=$(tty); (for rows in $(seq 20 29); do sleep 0.4; stty rows $rows < $TTY; done) &";
    const shown = await onTerminal(script, [], resize);
    expect(shown).toMatch(/ready\r\n2\d 101\r\n/);
  });

  test("shares it with a further command, which has a terminal of its own", async () => {
    const spec = fixture.spec(["sleep", "1000"]);
    await fixture.runtime.create(spec);
    await fixture.runtime.start(spec.id);
    // crun sets its size a moment after its start.
    const script = [
      "for i in $(seq 200); do stty size 2> /dev/null && break; sleep 0.02; done; tty",
      "trap 'echo caught; exit 9' INT; read line; echo [$line]; for i in $(seq 60); do sleep 0.05; done",
    ].join("; ");
    const exec = { command: ["sh", "-c", script], tty: true, interactive: true };
    const keys = [
      ["/dev/pts", "typed\r"],
      ["[typed]", "\x03"],
    ] as const;
    const shown = await program.onTerminal(spec, { exec, keys });
    expect(shown).toContain("33 101\r\n/dev/pts/0\r\ntyped\r\n[typed]\r\n");
    expect(shown).toContain("caught\r\ncode=9\r\n icanon\r\n");
    await fixture.runtime.remove(spec);
  });
});
