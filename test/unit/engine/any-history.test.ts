import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { expectAgreement, expectNothingLeft } from "../../support/engine/agreement.js";
import { removeAll, streams } from "../../support/engine/operations.js";
import { type Fault, Killed } from "../../support/engine/steps.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { foreignNamespaces, World } from "../../support/engine/world.js";

interface Names {
  readonly container: string;
  readonly other: string;
  readonly network: string;
  readonly address: string | undefined;
  readonly netns: string;
  readonly publish: readonly string[];
  readonly autoRemove: boolean;
}

type Act = (process: TsdProcess, names: Names, world: World) => Promise<unknown>;

const image = "busybox";
const acts: Readonly<Record<string, Act>> = {
  "network create": ({ networks }, { network }) => networks.create({ name: network }),
  "network rm": ({ networks }, { network }) => networks.remove(network),
  "network prune": ({ networks }) => networks.prune(),
  attach: ({ endpoints }, { network, netns, publish }) => endpoints.attach({ network, netns, publish }),
  detach: async ({ endpoints }) => {
    for (const { id } of endpoints.list().slice(0, 1)) await endpoints.detach(id);
  },
  connect: ({ networks }, { container, network, address }) =>
    networks.connect(container, { network, ...(address === undefined ? {} : { address }) }),
  disconnect: ({ networks }, { container, network }) => networks.disconnect(container, network),
  "port add": ({ containers }, { container, publish }) => containers.publish(container, publish),
  "port rm": ({ containers }, { container, publish }) => containers.unpublish(container, publish),
  "run in another's network": ({ containers }, { container, other }) =>
    containers.runDetached({ image, name: other, networks: [{ network: `container:${container}` }] }),
  "run with a link": ({ containers }, { container, other, network, autoRemove }) =>
    containers.runDetached({ image, name: other, networks: [{ network }], links: [`${container}:web`], autoRemove }),
  "run on nothing": ({ containers }, { container, publish }) =>
    containers.runDetached({ image, name: container, networks: [{ network: "none" }], publish }),
  create: ({ containers }, { container: name, network, publish, autoRemove }) =>
    containers.create({ image, name, networks: [{ network }], publish, autoRemove }),
  "run -d": ({ containers }, { container: name, network, publish, autoRemove }) =>
    containers.runDetached({ image, name, networks: [{ network }], publish, autoRemove }),
  run: ({ containers }, { container: name, network, publish, autoRemove }) =>
    containers.run({ image, name, command: ["exit", "1"], networks: [{ network }], publish, autoRemove }, streams),
  start: ({ containers }, { container }) => containers.start(container),
  stop: ({ containers }, { container }) => containers.stop(container),
  rm: ({ containers }, { container }) => containers.remove(container),
  "rm -f": ({ containers }, { container }) => containers.remove(container, { force: true }),
  "container ends": async (_process, _names, world) => {
    for (const { id } of world.store.containers.active().slice(0, 1)) world.containers.end(id, 1);
  },
};

interface Step {
  readonly act: string;
  readonly names: Names;
  readonly fault: Fault | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(...Object.keys(acts)),
  names: fc.record({
    container: fc.constantFrom("x", "y"),
    other: fc.constantFrom("y", "z"),
    network: fc.constantFrom("n", "m"),
    address: fc.constantFrom(undefined, undefined, "172.17.0.9", "172.18.0.9"),
    netns: fc.constantFrom(...foreignNamespaces),
    publish: fc.subarray(["8080:80", "80", "9000-9001:9000-9001/udp"]),
    autoRemove: fc.boolean(),
  }),
  fault: fc.option(
    fc.record({
      kind: fc.constantFrom("failure", "kill"),
      at: fc.nat({ max: 25 }),
      times: fc.constantFrom(1, 2, 100),
    }),
    { nil: undefined },
  ),
});

/** One command of a user, from its start with a recovery to its end, however it ends. */
async function carryOut(world: World, { act, names, fault }: Step): Promise<void> {
  const process = world.spawn();
  process.steps.plan(fault);
  try {
    await process.recovery.run();
    await acts[act]?.(process, names, world);
  } catch (error) {
    if (!TsdError.is(error) && !(error instanceof Killed)) throw error;
  }
  process.end();
}

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
