import { describe, expect, test } from "@jest/globals";
import { expectAgreement, expectNothingLeft } from "../../support/engine/agreement.js";
import { atEveryStep, repeat } from "../../support/engine/at-every-step.js";
import { makings, type Operation, removals, removeAll } from "../../support/engine/operations.js";
import { Killed } from "../../support/engine/steps.js";
import { World } from "../../support/engine/world.js";

const ledgerWorld = (): World => new World("ledger");

/** Those in which an IPAM driver has a part. */
const concerned: Readonly<Record<string, Operation>> = {
  ...pick(makings, "network create", "attach", "container start", "detached run", "connect"),
  ...pick(
    removals,
    "network remove",
    "detach",
    "disconnect",
    "container remove --force",
    "release of a container that ended",
  ),
};

function pick(all: Readonly<Record<string, Operation>>, ...names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, all[name] as Operation]));
}

describe.each(Object.entries(concerned))("%s on networks of an IPAM driver", (name, operation) => {
  test("leaks nothing, killed at any step", async () => {
    const check = async ({ world, error }: { world: World; error: unknown }): Promise<void> => {
      expect(error).toBeInstanceOf(Killed);
      const next = await world.command();
      expectAgreement(world);
      await operation.clear?.(next);
      await repeat(operation, next, world);
      expectAgreement(world);
      await removeAll(next);
      expectNothingLeft(world);
    };
    await atEveryStep(operation, { kind: "kill" }, check, ledgerWorld);
  });

  if (Object.hasOwn(makings, name)) {
    test("leaves all as it was, failed at any step", async () => {
      const check = async ({ world, before, error }: { world: World; before: unknown; error: unknown }) => {
        expect(error).toMatchObject({ code: "TSD_TEST_INJECTED" });
        expect(world.snapshot()).toEqual(before);
      };
      await atEveryStep(operation, { kind: "failure" }, check, ledgerWorld);
    });
  }
});
