import { expect, test } from "@jest/globals";
import type { ContainerSpec } from "../../../src/api/index.js";
import { expectAgreement, expectNothingLeft } from "../../support/engine/agreement.js";
import { atEveryStep } from "../../support/engine/at-every-step.js";
import { type Operation, removeAll } from "../../support/engine/operations.js";
import { Killed } from "../../support/engine/steps.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import type { World } from "../../support/engine/world.js";

const spec: ContainerSpec = {
  ...{ name: "c", rootfs: "/", command: ["sleep"], publish: ["8080:80"], networks: [{ network: "n" }] },
  restart: { name: "on-failure", retries: 1 },
};

const only = (world: World) => {
  const [row] = world.store.containers.list();
  if (row === undefined) throw new Error("no container");
  return row;
};

const release = (process: TsdProcess, world: World) => process.containers.release(only(world).id);

/** What the exit command does for a container that ended with code 5. */
const restart: Operation = {
  before: async (process, world) => {
    await process.networks.create({ name: "n", subnets: ["10.80.0.1/24"] });
    await process.containers.runDetached(spec);
    // So long ago that nothing waits any more.
    world.containers.end(only(world).id, 5, new Date(Date.now() - 60_000));
  },
  act: release,
};

test("kill -9 before any step of a restart: the next exit command goes on, at the same addresses", async () => {
  await atEveryStep(restart, { kind: "kill" }, async ({ world, error }) => {
    expect(error).toBeInstanceOf(Killed);
    const { endpoint } = world.store.endpoints.list()[0] ?? {};
    const next = await world.command();
    await release(next, world);
    expectAgreement(world);
    expect(only(world).container).toMatchObject({ status: "running", restartCount: 1 });
    expect(world.store.endpoints.list().map((row) => row.endpoint)).toEqual([endpoint]);
    await removeAll(next);
    expectNothingLeft(world);
  });
});

test("kill -9 before any step of a restart: a stop then ends it for good", async () => {
  await atEveryStep(restart, { kind: "kill" }, async ({ world }) => {
    const next = await world.command();
    await next.containers.stop("c");
    await release(next, world);
    expectAgreement(world);
    expect(only(world).container).toMatchObject({ status: "exited" });
    await removeAll(next);
    expectNothingLeft(world);
  });
});
