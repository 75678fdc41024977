import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { expectAgreement, expectNothingLeft } from "../../support/engine/agreement.js";
import { removeAll } from "../../support/engine/operations.js";
import { carryOut, type Step, step } from "../../support/engine/random-command.js";
import { World } from "../../support/engine/world.js";

test("whatever commands fail and die on the way, the next one finds order, and all can be removed", async () => {
  const history = fc.array(step, { minLength: 1, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      using world = new World();
      await carryOut(world, { ...steps[0], act: "network create", fault: undefined } as Step);
      for (const next of steps) await carryOut(world, next);
      const last = await world.command();
      expectAgreement(world);
      await removeAll(last);
      expectNothingLeft(world);
    }),
    { numRuns: 100, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  );
});

test("a history without faults is in order after each command", async () => {
  const history = fc.array(step, { minLength: 1, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      using world = new World();
      for (const next of steps) {
        await carryOut(world, { ...next, fault: undefined });
        if (next.act !== "container ends") expectAgreement(world);
      }
      expect(world.kernel.misuse.reports).toEqual([]);
    }),
    { numRuns: 40, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  );
});
