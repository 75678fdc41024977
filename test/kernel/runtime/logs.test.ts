import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import type { LogLine } from "../../../src/api/index.js";
import { ContainerFixture } from "./container-fixture.js";

const fixture = new ContainerFixture();
const { runtime } = fixture;

afterEach(async () => expect(await fixture.residue()).toEqual([]));
afterAll(() => fixture.dispose());

const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text);

describe("logs", () => {
  test("hold lines of both streams, partial ones joined, the last as it was left", async () => {
    const spec = fixture.spec(["sh", "-c", "printf one; sleep 0.05; echo ' two'; echo err >&2; sleep 1; printf end"]);
    await runtime.create(spec);
    await runtime.start(spec.id);
    await fixture.exit(spec.id);
    const lines = await fixture.logs(spec.id);
    expect(lines.map(({ stream, text }) => [stream, text])).toEqual([
      ["stdout", "one two\n"],
      ["stderr", "err\n"],
      ["stdout", "end"],
    ]);
    expect(Math.abs(Date.parse(lines[0]?.time ?? "") - Date.now())).toBeLessThan(60_000);
    expect(texts(await fixture.logs(spec.id, { tail: 1 }))).toEqual(["end"]);
    expect(texts(await fixture.logs(spec.id, { tail: 2 }))).toEqual(["err\n", "end"]);
    expect(await fixture.logs(spec.id, { tail: 0 })).toEqual([]);
    await runtime.remove(spec);
  });

  test("are tailed from the end of many lines, a very long one among them", async () => {
    const spec = fixture.spec(["sh", "-c", "seq 1 20000; head -c 100000 /dev/zero | tr '\\0' x; echo; seq 1 3"]);
    await runtime.create(spec);
    await runtime.start(spec.id);
    await fixture.exit(spec.id);
    expect(texts(await fixture.logs(spec.id, { tail: 5 }))).toEqual([
      "20000\n",
      `${"x".repeat(100_000)}\n`,
      "1\n",
      "2\n",
      "3\n",
    ]);
    expect(await fixture.logs(spec.id)).toHaveLength(20_004);
    expect(await fixture.logs(spec.id, { tail: 100_000 })).toHaveLength(20_004);
    await runtime.remove(spec);
  });

  test("are followed as they are written, until the container ends", async () => {
    const spec = fixture.spec(["sh", "-c", "echo a; read line < /tmp/go; echo b; printf c"]);
    const { output } = await followed(spec.id, async () => {
      await fixture.output(fixture.spec(["mkfifo", "/tmp/go"]));
      await runtime.create(spec);
      await runtime.start(spec.id);
    });
    expect(output.first).toBe("a\n");
    await runtime.exec(spec.id, { command: ["sh", "-c", "echo > /tmp/go"] }, { streams: process });
    expect(await output.rest).toEqual(["b\n", "c"]);
    await runtime.remove(spec);
  });

  test("are followed no longer than the container exists", async () => {
    const spec = fixture.spec(["sh", "-c", "echo a; sleep 1000"]);
    const { output } = await followed(spec.id, async () => {
      await runtime.create(spec);
      await runtime.start(spec.id);
    });
    await sleep(20);
    await runtime.remove(spec);
    expect(await output.rest).toEqual([]);
  });
});

/** Starts a container and reads its first line; `rest` is read meanwhile. */
async function followed(id: string, start: () => Promise<void>) {
  await start();
  const lines = runtime.logs(id, { follow: true })[Symbol.asyncIterator]();
  const first = await lines.next();
  const rest = (async () => {
    const read: string[] = [];
    for (let next = await lines.next(); !next.done; next = await lines.next()) read.push(next.value.text);
    return read;
  })();
  return { output: { first: first.done ? "" : first.value.text, rest } };
}
