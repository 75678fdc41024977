import { afterEach, describe, expect, test } from "@jest/globals";
import { TsdError } from "../../../../src/errors/tsd-error.js";
import { expectClusterAgreement } from "../../../support/cluster/cluster-agreement.js";
import { atEveryStep, repeat } from "../../../support/engine/at-every-step.js";
import type { Operation } from "../../../support/engine/operations.js";
import { Killed } from "../../../support/engine/steps.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

const others: World[] = [];
afterEach(() => {
  for (const world of others.splice(0)) world[Symbol.dispose]();
});

const spec = { name: "web", driver: "plain-overlay", subnets: ["10.5.0.0/24"], options: { block: "30" } };

/** Another machine of the cluster, which has the network "web". */
async function withOther(process: TsdProcess, world: World): Promise<void> {
  const other = Object.assign(new World(), { hostname: "other", address: "192.0.2.9", cluster: world.cluster });
  others.push(other);
  const there = await other.command();
  await there.cluster.join({});
  await there.networks.create(spec);
  await process.cluster.join({});
}

async function alone(process: TsdProcess): Promise<void> {
  await process.cluster.join({});
  await process.networks.create(spec);
}

const attach = (process: TsdProcess, netns: string, rest: object = {}) =>
  process.endpoints.attach({ netns: `/run/netns/${netns}`, network: "web", ...rest });

/** What an address outside of the blocks was claimed for, by a process that goes on. */
const claimed = { network: "web", address: "10.5.0.200" };

const operations: Readonly<Record<string, Operation>> = {
  join: { act: (process) => process.cluster.join({}) },
  leave: { before: alone, act: (process) => process.cluster.leave() },
  "network create": {
    before: (process) => process.cluster.join({}).then(() => undefined),
    act: (process) => process.networks.create(spec),
  },
  "first use of a network": { before: withOther, act: (process) => attach(process, "a") },
  "an address outside of the blocks": {
    before: alone,
    act: (process) => attach(process, "a", { address: "10.5.0.200" }),
  },
  "giving back an address that another process claimed": {
    before: async (process, world) => {
      await alone(process);
      await attach(await world.command(), "a", claimed);
    },
    act: (process) => process.networks.disconnect("netns:/run/netns/a", "web"),
  },
  "rm of a container for which another process claimed an address": {
    before: async (process, world) => {
      await alone(process);
      await (await world.command()).containers.runDetached({ image: "busybox", name: "c", networks: [claimed] });
    },
    act: (process) => process.containers.remove("c", { force: true }),
  },
  "another block": {
    before: async (process) => {
      await process.cluster.join({});
      await process.networks.create({ ...spec, subnets: ["10.5.0.0/29"] });
      await process.containers.runDetached({ image: "busybox", networks: [{ network: "web" }] });
      await attach(process, "b");
    },
    act: (process) => attach(process, "a"),
  },
  "network update": {
    before: alone,
    act: (process) => process.networks.update("web", { labels: { tier: "front" }, dns: ["192.0.2.53"] }),
  },
  "network rm": { before: alone, act: (process) => process.networks.remove("web") },
};

describe("kill -9 before any step", () => {
  test.each(Object.entries(operations))("of %s is made good by the next command", async (_name, operation) => {
    await atEveryStep(operation, { kind: "kill" }, async ({ world, error }) => {
      expect(error).toBeInstanceOf(Killed);
      const next = await world.command();
      await expectClusterAgreement(world);
      await repeat(operation, next, world).catch(unlessDone);
      await expectClusterAgreement(world);
    });
  });
});

describe("a failure at any step", () => {
  test.each(["join", "leave", "network create", "network update", "network rm"])(
    "of %s is reported, and nothing is half-done then",
    async (name) => {
      const operation = operations[name] as Operation;
      await atEveryStep(operation, { kind: "failure" }, async ({ world, process, error }) => {
        if (error !== undefined) expect(error).toMatchObject({ code: "TSD_TEST_INJECTED" });
        process.end();
        const next = await world.command();
        await expectClusterAgreement(world);
        await repeat(operation, next, world).catch(unlessDone);
        await expectClusterAgreement(world);
      });
    },
  );
});

/** The next command has finished what the dead one began. */
function unlessDone(error: unknown): void {
  const done = ["TSD_CLUSTER_JOINED", "TSD_CLUSTER_NONE", "TSD_NETWORK_EXISTS", "TSD_ENDPOINT_EXISTS"];
  if (!TsdError.is(error) || !done.includes(error.code)) throw error;
}
