import { describe, expect, jest, test } from "@jest/globals";
import type { EndpointPeer, HostPeer, Peer } from "../../../../src/api/index.js";
import { endpointPeerId, hostPeerId } from "../../../../src/contracts/peer-id.js";
import { Connection } from "../../../../src/store/connection.js";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import { atEveryStep, MANY } from "../../../support/engine/at-every-step.js";
import { Killed } from "../../../support/engine/steps.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

function host(networkId: string, at: number, changes: Partial<HostPeer> = {}): HostPeer {
  const name = `h${at}`;
  const high = at >> 2;
  return {
    ...{ kind: "host", id: hostPeerId(networkId, name), networkId, host: name, address: `192.0.2.${at % 250}` },
    ...{ mac: `02:00:00:00:${(at >> 8).toString(16)}:${(at & 255).toString(16)}` },
    blocks: [`10.5.${high}.${(at & 3) * 64}/26`],
    ...changes,
  };
}

function endpoint(networkId: string, at: number): EndpointPeer {
  return {
    ...{ kind: "endpoint", id: endpointPeerId(networkId, `e${at}`), networkId, host: "h1", address: "192.0.2.1" },
    ...{ mac: `02:00:00:01:00:0${at}`, addresses: [`10.5.250.${at}`], names: [`web${at}`] },
  };
}

async function overlay(process: TsdProcess): Promise<string> {
  await process.cluster.join({});
  const network = await process.networks.create({ name: "web", driver: "plain-overlay", subnets: ["10.5.0.0/16"] });
  return network.id;
}

/** What the work asks of the providers, and how often it writes and reads. */
async function costOf(world: World, work: () => Promise<unknown>) {
  const made: string[] = [];
  world.kernel.before = (what) => made.push(what);
  const control = jest.spyOn(Connection.prototype, "control");
  const all = jest.spyOn(Connection.prototype, "all");
  try {
    await work();
    const transactions = control.mock.calls.filter(([sql]) => sql.startsWith("BEGIN")).length;
    return { made: made.length, transactions, reads: all.mock.calls.length };
  } finally {
    world.kernel.before = () => undefined;
    for (const spy of [control, all]) spy.mockRestore();
  }
}

describe("peers of a network", () => {
  test("come, change and go as the cluster says, and cost what differs", async () => {
    using world = new World();
    const process = await world.command();
    const id = await overlay(process);
    const first: Peer[] = [host(id, 1), host(id, 2), endpoint(id, 1)];
    await process.peers.follow(id, first);
    expectAgreement(world);
    expect(world.store.peers.ofNetwork(id).map(({ peer }) => peer)).toEqual(first);
    expect(await costOf(world, () => process.peers.follow(id, first))).toEqual({ made: 0, transactions: 0, reads: 1 });

    const wider = host(id, 2, { blocks: ["10.5.0.128/26", "10.5.9.0/26"] });
    await process.peers.follow(id, [host(id, 1), wider, host(id, 3)]);
    expectAgreement(world);
    expect(world.store.peers.list().map(({ peer }) => peer)).toEqual([host(id, 1), wider, host(id, 3)]);

    // What one had, another gets at the same moment.
    const swapped = [host(id, 1, { blocks: wider.blocks }), host(id, 2, { blocks: host(id, 1).blocks })];
    await process.peers.change(id, { put: swapped, gone: [hostPeerId(id, "h3"), hostPeerId(id, "never")] });
    expectAgreement(world);
    await process.networks.remove("web");
    expectNothingLeft(world);
  });

  test("cost one list and two transactions, a thousand as one", async () => {
    using world = new World();
    const process = await world.command();
    const id = await overlay(process);
    const ensure = jest.spyOn(process.parts.applier, "ensure");
    const peers = Array.from({ length: 1000 }, (_, at) => host(id, at + 4));
    const { transactions } = await costOf(world, () => process.peers.follow(id, peers));
    expect([transactions, ensure.mock.calls.length]).toEqual([2, 1]);
    ensure.mockRestore();
    expect(world.store.peers.list()).toHaveLength(1000);
    const more = [...peers.slice(1), host(id, 2000)];
    expect((await costOf(world, () => process.peers.follow(id, more))).made).toBe(6);
    expectAgreement(world);
  });

  test("do not keep each other from being made: one that the kernel refuses has no row, and comes again", async () => {
    using world = new World();
    const process = await world.command();
    const id = await overlay(process);
    const peers = Array.from({ length: 9 }, (_, at) => host(id, at + 1));
    process.steps.plan({ kind: "failure", at: 0, times: 5 });
    await expect(process.peers.follow(id, peers)).rejects.toMatchObject({ code: "TSD_TEST_INJECTED" });
    expect(world.store.peers.list()).toHaveLength(8);
    expectAgreement(world);
    process.steps.plan(undefined);
    await process.peers.follow(id, peers);
    expect(world.store.peers.list()).toHaveLength(9);
    expectAgreement(world);
  });

  test("are left alone where the network is gone, or about to go", async () => {
    using world = new World();
    const process = await world.command();
    await process.peers.follow("f".repeat(64), [host("f".repeat(64), 1)]);
    const id = await overlay(process);
    await process.peers.follow(id, [host(id, 1)]);
    let isSeen = false;
    world.kernel.before = (what) => {
      if (what !== "remove membership") return undefined;
      isSeen = true;
      return world.spawn().peers.follow(id, [host(id, 2)]);
    };
    await process.networks.remove("web");
    expect(isSeen).toBe(true);
    expectNothingLeft(world);
  });

  test("come back after a boot with their network, or with the agent, whichever is first", async () => {
    for (const isAgentFirst of [true, false]) {
      using world = new World();
      const before = await world.command();
      const id = await overlay(before);
      const peers = [host(id, 1), host(id, 2)];
      await before.peers.follow(id, peers);
      world.boot();
      const process = await world.command();
      world.kernel.before = (what) => {
        if (what !== "make membership" || !isAgentFirst) return undefined;
        world.kernel.before = () => undefined;
        return world.spawn().peers.follow(id, [host(id, 2), host(id, 3)]);
      };
      await process.endpoints.attach({ netns: "/run/netns/a", network: "web" });
      const expected = isAgentFirst ? [host(id, 2), host(id, 3)] : peers;
      expect(world.store.peers.list().map(({ peer }) => peer)).toEqual(expected);
      expectAgreement(world);
    }
  });
});

const change = {
  before: async (process: TsdProcess) => {
    const id = await overlay(process);
    await process.peers.follow(id, [host(id, 1), host(id, 2), endpoint(id, 1)]);
  },
  act: async (process: TsdProcess, world: World) => {
    const [{ id } = { id: "" }] = world.store.networks.list();
    await process.peers.follow(id, [
      host(id, 2, { blocks: ["10.5.7.0/26"] }),
      host(id, 3),
      host(id, 4),
      endpoint(id, 1),
    ]);
  },
};

test("kill -9 before any step of a change is made good by the next command, and the agent's next look", async () => {
  await atEveryStep(change, { kind: "kill" }, async ({ world, error }) => {
    expect(error).toBeInstanceOf(Killed);
    const next = await world.command();
    expectAgreement(world);
    await change.act(next, world);
    expectAgreement(world);
    await next.networks.remove("web");
    expectNothingLeft(world);
  });
});

test("kill -9, and a boot after it, leaves nothing either", async () => {
  await atEveryStep(change, { kind: "kill" }, async ({ world }) => {
    world.boot();
    const next = await world.command();
    await next.endpoints.attach({ netns: "/run/netns/a", network: "web" });
    expectAgreement(world);
  });
});

test.each([1, MANY])("%i failures from any step on are made good at once, or reported and then", async (times) => {
  await atEveryStep(change, { kind: "failure", times }, async ({ world, process, error }) => {
    if (times === MANY || error !== undefined)
      expect(error).toMatchObject({ message: expect.stringContaining("injected") });
    else expectAgreement(world);
    process.steps.plan(undefined);
    await change.act(process, world);
    expectAgreement(world);
  });
});

test("kill -9 before any step of the removal of their network is made good by the next command", async () => {
  const removal = { before: change.before, act: (process: TsdProcess) => process.networks.remove("web") };
  await atEveryStep(removal, { kind: "kill" }, async ({ world }) => {
    const next = await world.command();
    expectAgreement(world);
    if (world.store.networks.list().length > 0) await next.networks.remove("web");
    expectNothingLeft(world);
  });
});
