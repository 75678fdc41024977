import { rmSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, expect, test } from "@jest/globals";
import { logSweeper } from "../../../src/runtime/orphan-logs.js";
import { runSweeper } from "../../../src/runtime/orphan-runs.js";
import { ContainerFixture } from "./container-fixture.js";

const fixture = new ContainerFixture();
const { runDir, logDir, runtime } = fixture;
afterEach(async () => expect(await fixture.residue()).toEqual([]));
afterAll(() => fixture.dispose());

const sweeper = (...running: readonly string[]) =>
  runSweeper({ runDir, runtime: async () => runtime, running: () => running });
const countOf = async (...running: readonly string[]) => (await sweeper(...running).orphans(() => [])).length;

test.each([
  ["with its files", false],
  ["without them", true],
])("a run that no row knows of is ended, %s", async (_how, isBare) => {
  const [kept, lost] = [fixture.spec(["sleep", "1000"]), fixture.spec(["sleep", "1000"])];
  for (const spec of [kept, lost]) {
    await runtime.create(spec);
    await runtime.start(spec.id);
  }
  if (isBare) rmSync(`${runDir}/${lost.id}`, { recursive: true });
  expect(await countOf(kept.id, lost.id)).toBe(0);
  const orphans = await sweeper(kept.id).orphans(() => []);
  expect(orphans).toEqual([expect.objectContaining({ kind: "run", what: `${runDir}/${lost.id}` })]);
  await sweeper(kept.id).sweep(orphans);
  expect(await countOf()).toBe(1);
  expect(fixture.releases()).toEqual([]);
  await runtime.remove(kept);
});

test("a log without a container goes, and a file of another name stays", async () => {
  const [kept, lost] = ["a", "b"].map((digit) => digit.repeat(64)) as [string, string];
  for (const name of [`${kept}.log`, `${lost}.log`, "notes.log"]) writeFileSync(`${logDir}/${name}`, "");
  const logs = logSweeper(logDir, () => [kept]);
  const orphans = await logs.orphans(() => []);
  expect(orphans.map(({ what }) => what)).toContain(`${logDir}/${lost}.log`);
  expect(orphans.map(({ what }) => what)).not.toContain(`${logDir}/${kept}.log`);
  expect(orphans.map(({ what }) => what)).not.toContain(`${logDir}/notes.log`);
  await logs.sweep(orphans);
  expect(await logs.orphans(() => [])).toEqual([]);
});
