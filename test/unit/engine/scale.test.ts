import { describe, expect, jest, test } from "@jest/globals";
import { Connection } from "../../../src/store/connection.js";
import { expectAgreement } from "../../support/engine/agreement.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { World } from "../../support/engine/world.js";

interface Cost {
  /** Rows whose JSON is parsed as a whole. */
  readonly rows: number;
  readonly written: number;
  readonly transactions: number;
}

/** What a piece of work costs the store. */
async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const all = jest.spyOn(Connection.prototype, "all");
  const write = jest.spyOn(Connection.prototype, "write");
  const control = jest.spyOn(Connection.prototype, "control");
  try {
    await work();
    const selected = all.mock.results.flatMap(({ value }) => value as readonly { readonly value?: string | null }[]);
    return {
      rows: selected.filter(({ value }) => typeof value === "string" && value.includes('"owner"')).length,
      written: write.mock.calls.length,
      transactions: control.mock.calls.filter(([sql]) => sql.startsWith("BEGIN")).length,
    };
  } finally {
    for (const spy of [all, write, control]) spy.mockRestore();
  }
}

const run = (process: TsdProcess, name: string) =>
  process.containers.runDetached({ image: "busybox", name, networks: [{ network: "n" }] });

async function crowded(world: World, size: number): Promise<TsdProcess> {
  const process = await world.commandOnNetwork();
  for (let at = 0; at < size; at++) await run(process, `c${at}`);
  return process;
}

const commands: Readonly<Record<string, (process: TsdProcess) => Promise<unknown>>> = {
  "network create": (process) => process.networks.create({ name: "m", subnets: ["10.2.0.0/24"] }),
  run: (process) => run(process, "new"),
  create: (process) => process.containers.create({ image: "busybox", networks: [{ network: "n" }] }),
  "rm -f": (process) => process.containers.remove("c1", { force: true }),
  stop: (process) => process.containers.stop("c1", { timeout: 0 }),
  "a look for what dead processes left": (process) => process.recovery.run(),
};

describe("beside many containers", () => {
  test.each(Object.entries(commands))("%s reads and writes no more rows than beside few", async (_name, command) => {
    const costs: Cost[] = [];
    for (const size of [4, 24]) {
      using world = new World();
      const process = await crowded(world, size);
      costs.push(await costOf(() => command(process)));
      expectAgreement(world);
    }
    expect(costs[1]).toEqual(costs[0]);
  });

  test("many are removed in as many transactions as a few", async () => {
    const costs: Cost[] = [];
    for (const size of [4, 24]) {
      using world = new World();
      const process = await crowded(world, size);
      const refs = Array.from({ length: size - 1 }, (_, at) => `c${at + 1}`);
      costs.push(await costOf(() => process.containers.removeTogether([...refs, "c1", "nobody"])));
      expectAgreement(world);
      expect(world.store.containers.list().map(({ container }) => container.name)).toEqual(["c0"]);
    }
    expect(costs[1]?.transactions).toBe(costs[0]?.transactions);
  });
});
