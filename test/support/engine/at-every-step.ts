import { expect } from "@jest/globals";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { expectAgreement } from "./agreement.js";
import type { Operation } from "./operations.js";
import type { Fault } from "./steps.js";
import type { TsdProcess } from "./tsd-process.js";
import { World } from "./world.js";

/** No operation has more steps. */
export const MANY = 200;

interface Struck {
  readonly world: World;
  readonly process: TsdProcess;
  /** What the world was like before the operation. */
  readonly before: unknown;
  readonly error: unknown;
}

/** Carries the operation out once for each of its steps, each time in a new world with a fault at that step. */
export async function atEveryStep(
  { before, act }: Operation,
  fault: Omit<Fault, "at">,
  check: (struck: Struck) => Promise<void>,
  makeWorld = () => new World(),
): Promise<void> {
  for (let at = 0; at < MANY; at++) {
    using world = makeWorld();
    const process = await world.command();
    await before?.(process, world);
    const earlier = world.snapshot();
    process.steps.plan({ ...fault, at });
    const error = await act(process, world).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!process.steps.struck) {
      expect(error).toBeUndefined();
      expect(at).toBeGreaterThan(0);
      return;
    }
    process.steps.plan(undefined);
    if (error === undefined && process.warnings.some((text) => text.includes("only names of its /etc/hosts"))) {
      // A container goes on without a resolver.
      expectAgreement(world);
      continue;
    }
    await check({ world, process, before: earlier, error });
  }
  throw new Error("the operation has no end");
}

/** What a command before it has removed already is not found any more. */
export async function repeat({ act }: Operation, process: TsdProcess, world: World): Promise<void> {
  try {
    await act(process, world);
  } catch (error) {
    if (!TsdError.is(error, "not-found")) throw error;
  }
}
