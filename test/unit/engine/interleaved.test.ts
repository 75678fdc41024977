import { writeFileSync } from "node:fs";
import { afterAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Container, Network } from "../../../src/api/index.js";
import { expectAgreement, expectNothingLeft } from "../../support/engine/agreement.js";
import { removeAll } from "../../support/engine/operations.js";
import { carryOut, type Step, step } from "../../support/engine/random-command.js";
import { Turns } from "../../support/engine/turns.js";
import { World } from "../../support/engine/world.js";
import { Model } from "../../support/soak/model.js";

/** TSD_SOAK_SECONDS makes it last that long; TSD_SOAK_FIGURES names a directory for its figures. */
const { TSD_SOAK_SECONDS: seconds, TSD_SOAK_FIGURES: directory } = process.env;
const bounds = {
  numRuns: seconds === undefined ? 60 : 1_000_000,
  interruptAfterTimeLimit: seconds === undefined ? 20_000 : Number(seconds) * 500,
  markInterruptAsFailure: false,
};
const patience = 2 * bounds.interruptAfterTimeLimit + 60_000;
const figures = { histories: 0, commands: 0 };

afterAll(() => {
  if (directory !== undefined) writeFileSync(`${directory}/interleaved.json`, JSON.stringify(figures));
});

/** What several users do at the same time, one command after another each. */
const users = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 5 });
const choices = fc.array(fc.nat({ max: 59 }), { minLength: 20, maxLength: 20 });

/** Believes what a command answered. */
function believe(model: Model, act: string, answer: unknown): void {
  if (answer === undefined) return;
  const ids = (rows: unknown): readonly string[] => (rows as readonly (Container | Network)[]).map(({ id }) => id);
  switch (act) {
    case "network create":
      model.made("networks", (answer as Network).id);
      return;
    case "network rm":
      model.removed("networks", ids([answer]));
      return;
    case "network prune":
      model.removed("networks", ids(answer));
      return;
    case "create":
    case "run":
    case "run -d":
    case "run on nothing":
    case "run with a link":
    case "run in another's network":
      if ((answer as Container).spec.autoRemove !== true) model.made("containers", (answer as Container).id);
      return;
    case "rm":
    case "rm -f":
      model.removed("containers", ids([answer]));
      return;
  }
}

async function actAtOnce(world: World, all: readonly (readonly Step[])[], order: readonly number[]): Promise<Model> {
  const model = new Model();
  const turns = new Turns(order);
  const act = async (steps: readonly Step[]): Promise<void> => {
    for (const next of steps) {
      const answer = await carryOut(world, next, (process) => process.steps.interleave(() => turns.take()));
      believe(model, next.act, answer);
    }
  };
  for (const name of ["n", "m"]) model.made("networks", (await (await world.command()).networks.create({ name })).id);
  figures.histories++;
  figures.commands += all.flat().length;
  await turns.during(Promise.all(all.map(act)));
  return model;
}

test(
  "commands of several users at once end in order, and what they were told is so",
  async () => {
    const withoutFaults = users.map((all) => all.map((steps) => steps.map((next) => ({ ...next, fault: undefined }))));
    await fc.assert(
      fc.asyncProperty(withoutFaults, choices, async (all, order) => {
        using world = new World();
        const model = await actAtOnce(world, all, order);
        // Containers end unseen, and what ends them is the next command.
        const last = await world.command();
        expectAgreement(world);
        const { networks, containers } = world.store;
        const lasting = containers.list().filter(({ container }) => container.spec.autoRemove !== true);
        expect(
          networks
            .list()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(model.present("networks"));
        expect(lasting.map(({ id }) => id).sort()).toEqual(model.present("containers"));
        await removeAll(last);
        expectNothingLeft(world);
      }),
      bounds,
    );
  },
  patience,
);

test(
  "commands of several users at once, of which some fail or are killed, are made good by the next",
  async () => {
    await fc.assert(
      fc.asyncProperty(users, choices, async (all, order) => {
        using world = new World();
        await actAtOnce(world, all, order);
        const last = await world.command();
        expectAgreement(world);
        await removeAll(last);
        expectNothingLeft(world);
      }),
      bounds,
    );
  },
  patience,
);
