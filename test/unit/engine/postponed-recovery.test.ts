import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type ErrorKind, TsdError } from "../../../src/errors/tsd-error.js";
import { expectAgreement } from "../../support/engine/agreement.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { foreignNamespaces, World } from "../../support/engine/world.js";

const [netns] = foreignNamespaces;
const down = /the plug-in is down/;

let world: World;
let attempts: number;
beforeEach(() => {
  world = new World();
  attempts = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
  world[Symbol.dispose]();
});

function breakPlugin(kind: ErrorKind = "plugin"): void {
  world.kernel.before = (what) => {
    if (what !== "remove link") return;
    attempts += 1;
    throw new TsdError({ kind, code: "TSD_TEST_DOWN", message: "the plug-in is down" });
  };
}

function mendPlugin(): void {
  world.kernel.before = () => undefined;
}

/** A new command as far as it sees to what dead ones left. Returns why that could not be finished. */
async function command(work: (tsd: TsdProcess) => Promise<unknown> = async () => undefined): Promise<unknown> {
  const tsd = world.spawn();
  const error = await tsd.recovery.run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await work(tsd);
  tsd.end();
  return error;
}

/** An endpoint whose removal the plug-in stopped, in a process that is dead; one command has tried since. */
async function leaveEndpoint(kind?: ErrorKind): Promise<void> {
  const tsd = await world.commandOnNetwork();
  const { id } = await tsd.endpoints.attach({ network: "n", netns });
  breakPlugin(kind);
  await expect(tsd.endpoints.detach(id)).rejects.toThrow(down);
  tsd.end();
  expect(await command()).toMatchObject({ message: expect.stringMatching(down) });
  attempts = 0;
}

const left = (): number => world.store.endpoints.list().length;

describe("what a plug-in keeps a command from finishing", () => {
  test("keeps no other command waiting for a while, whatever the clock does then", async () => {
    await leaveEndpoint();
    const work = async (tsd: TsdProcess): Promise<void> => {
      expect(await tsd.recovery.isNeeded()).toBe(false);
      await tsd.networks.create({ name: "m", subnets: ["10.2.0.0/24"] });
    };
    expect(await command(work)).toBeUndefined();
    expect(attempts).toBe(0);
    const now = Date.now();
    const clock = jest.spyOn(Date, "now");
    for (const minutes of [2, -2]) {
      clock.mockReturnValue(now + minutes * 60_000);
      expect(await command()).toMatchObject({ message: expect.stringMatching(down) });
    }
    clock.mockReturnValue(now);
    expect(await command()).toBeUndefined();
    expect(attempts).toBe(2);
    mendPlugin();
    clock.mockReturnValue(now + 120_000);
    expect(await command()).toBeUndefined();
    expect(left()).toBe(0);
    expectAgreement(world);
  });

  test("is tried again on request, once, and told of", async () => {
    await leaveEndpoint();
    await command(async (tsd) => {
      await tsd.recovery.retry();
      await tsd.recovery.retry();
      expect(tsd.warnings).toEqual([expect.stringMatching(down)]);
    });
    expect(attempts).toBe(1);
    mendPlugin();
    await command(async (tsd) => {
      expect(left()).toBe(1);
      await tsd.recovery.retry();
      expect(tsd.warnings).toEqual([]);
    });
    expect(left()).toBe(0);
    expectAgreement(world);
  });

  test("is finished by a command about it", async () => {
    await leaveEndpoint();
    mendPlugin();
    await command(async (tsd) => {
      await tsd.recovery.about("another");
      expect(left()).toBe(1);
      await tsd.networks.remove("n");
    });
    expectAgreement(world);
    expect(world.store.networks.list()).toEqual([]);
  });

  test("is no reason to put off what failed in another way", async () => {
    await leaveEndpoint("kernel");
    expect(await command()).toMatchObject({ message: expect.stringMatching(down) });
    expect(attempts).toBe(1);
  });

  test("is a container's removal as well, which counts as done where it is done on the way", async () => {
    const tsd = await world.commandOnNetwork();
    await tsd.containers.runDetached({ image: "busybox", name: "c", networks: [{ network: "n" }] });
    breakPlugin();
    await expect(tsd.containers.remove("c", { force: true })).resolves.toMatchObject({ name: "c" });
    await tsd.containers.runDetached({ image: "busybox", name: "d", networks: [{ network: "n" }] });
    await expect(tsd.containers.stop("d")).rejects.toThrow(down);
    tsd.end();
    expect(await command()).toMatchObject({ message: expect.stringMatching(down) });
    attempts = 0;
    expect(await command()).toBeUndefined();
    expect(attempts).toBe(0);
    mendPlugin();
    await command((next) => next.containers.remove("d"));
    expect(world.store.containers.list()).toEqual([]);
  });
});

test("a container has ended once it has given back all of its own, however long its IPAM driver takes", async () => {
  using slow = new World("ledger");
  const tsd = await slow.commandOnNetwork();
  await tsd.containers.runDetached({ image: "busybox", name: "c", networks: [{ network: "n" }] });
  let seconds = 0;
  jest.spyOn(process, "hrtime").mockImplementation(() => [seconds, 0]);
  Object.defineProperty(slow.ipam, "isDown", {
    get() {
      seconds += 40;
      return true;
    },
  });
  await tsd.containers.stop("c");
  expect(tsd.warnings).toEqual([expect.stringMatching(/^IPAM lease of endpoint .* is not released: /)]);
});
