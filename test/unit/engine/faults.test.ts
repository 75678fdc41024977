import { describe, expect, test } from "@jest/globals";
import { expectAgreement, expectNothingLeft } from "../../support/engine/agreement.js";
import { atEveryStep, MANY, repeat } from "../../support/engine/at-every-step.js";
import { makings, type Operation, removals, removeAll } from "../../support/engine/operations.js";
import { Killed } from "../../support/engine/steps.js";
import { World } from "../../support/engine/world.js";

const ending = removals["release of a container that ended"] as Operation;

describe("a failure at any step", () => {
  test.each(Object.entries(makings))("of %s is reported and leaves all as it was", async (_name, operation) => {
    await atEveryStep(operation, { kind: "failure" }, async ({ world, process, before, error }) => {
      expect(error).toMatchObject({ code: "TSD_TEST_INJECTED" });
      expect(world.snapshot()).toEqual(before);
      await operation.act(process, world);
      expectAgreement(world);
      await removeAll(process);
      expectNothingLeft(world);
    });
  });

  test.each(Object.entries(removals))("of %s is reported, and the next command finishes", async (_name, operation) => {
    await atEveryStep(operation, { kind: "failure" }, async ({ world, process, error }) => {
      expect(error).toMatchObject({ code: "TSD_TEST_INJECTED" });
      process.end();
      const next = await world.command();
      expectAgreement(world);
      await repeat(operation, next, world);
      expectAgreement(world);
      await removeAll(next);
      expectNothingLeft(world);
    });
  });
});

describe("kill -9 before any step", () => {
  test.each(Object.entries({ ...makings, ...removals }))(
    "of %s is made good by the next command",
    async (_name, operation) => {
      await atEveryStep(operation, { kind: "kill" }, async ({ world, error }) => {
        expect(error).toBeInstanceOf(Killed);
        const next = await world.command();
        expectAgreement(world);
        await operation.clear?.(next);
        await repeat(operation, next, world);
        expectAgreement(world);
        await removeAll(next);
        expectNothingLeft(world);
      });
    },
  );
});

test("kill -9 while an exit is seen to never loses its code", async () => {
  await atEveryStep(ending, { kind: "kill" }, async ({ world }) => {
    await world.command();
    expect(world.store.containers.list()).toMatchObject([{ container: { status: "exited", exitCode: 5 } }]);
  });
});

describe.each([2, MANY])("where %i steps in a row fail, and so does undoing", (times) => {
  test.each(Object.entries(makings))("%s reports the cause", async (_name, operation) => {
    await atEveryStep(operation, { kind: "failure", times }, async ({ world, process, error }) => {
      expect(error).toMatchObject({
        message: expect.stringMatching(/^cannot (make|create|attach|start|remove publish)/),
      });
      process.end();
      await world.command();
      expectAgreement(world);
    });
  });
});

describe("another command that begins at any step", () => {
  test.each(Object.entries({ ...makings, ...removals }))("of %s leaves it alone", async (_name, { before, act }) => {
    let isDuring = true;
    for (let at = 0; isDuring && at < MANY; at++) {
      using world = new World();
      const process = await world.command();
      await before?.(process, world);
      isDuring = false;
      process.steps.interrupt(at, async () => {
        isDuring = true;
        (await world.command()).end();
      });
      await act(process, world);
      expectAgreement(world);
    }
    expect(isDuring).toBe(false);
  });
});
