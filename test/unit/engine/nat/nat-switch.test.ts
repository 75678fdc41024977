import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TsdError } from "../../../../src/errors/tsd-error.js";
import { asRule } from "../../../support/engine/fake-backends.js";
import { NatMachine, type NatProcess, publish, publishing } from "../../../support/engine/nat-machine.js";
import { Killed } from "../../../support/engine/steps.js";
import { endpointRow } from "../../store/support/rows.js";

/** As many as one switch has changes and transactions, and more. */
const STEPS = 8;

describe("a switch", () => {
  test("moves every rule, empties the old backend, and is remembered", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    expect(await process.natSwitch.use("iptables")).toBe("iptables");
    machine.expectAgreement();
    expect(machine.spawn().selection.known()).toEqual({ active: "iptables", why: "chosen by tsd nat use" });
    expect(machine.backends.held("iptables")).toHaveLength(4);
    await process.natSwitch.use("nftables");
    machine.expectAgreement();
  });

  test("has both backends whole before the old one is emptied", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    const whole = machine.backends.held("nftables");
    // ensure iptables, purge nftables
    process.steps.interrupt(1, async () => {
      expect(machine.backends.held("iptables")).toEqual(whole);
      expect(machine.backends.held("nftables")).toEqual(whole);
    });
    await process.natSwitch.use("iptables");
    expect.assertions(2);
  });

  test("moves rows in creation and in change as well, and leaves alone those that go", async () => {
    using machine = new NatMachine();
    const process = await machine.running();
    const membership = { kind: "member", owner: "peer", vni: 4097, port: 4789, address: "192.0.2.9" } as const;
    const [fresh, kept, dropped, gone] = [1, 2, 3, 4].map((port) => publish("e", port)) as [never, never, never, never];
    machine.store.transaction(() => {
      const { endpoints } = machine.store;
      endpoints.insert(endpointRow("creating", "n", { state: "creating", resources: [fresh] }));
      endpoints.insert(endpointRow("changing", "n", { state: "changing", resources: [kept], leaving: [dropped] }));
      const host = { networkId: "n", host: "b", address: "192.0.2.9", mac: "02:00:00:00:00:09", blocks: [] };
      const { owner } = endpointRow("any", "n");
      const peer = { kind: "host", id: "peer", ...host } as const;
      machine.store.peers.insert({ id: "peer", state: "ready", owner, resources: [membership], peer });
      endpoints.insert(endpointRow("deleting", "n", { state: "deleting", resources: [gone] }));
    });
    await process.natSwitch.use("iptables");
    expect(new Set(machine.backends.held("iptables").slice(1))).toEqual(new Set([membership, fresh, kept].map(asRule)));
  });

  test("to a backend that lacks what a network needs is refused, and taken back", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    machine.backends.lacking.set("iptables", ["publish"]);
    await expect(machine.spawn().natSwitch.use("iptables")).rejects.toMatchObject({ code: "TSD_NAT_KIND" });
    machine.expectAgreement();
    expect(process.selection.known()).toMatchObject({ active: "nftables" });
  });

  test("to the backend in force changes nothing", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    const before = process.selection.known();
    machine.backends.failings.set("nftables", "broken meanwhile");
    expect(await process.natSwitch.use("nftables")).toBe("nftables");
    expect(process.selection.known()).toEqual(before);
    machine.expectAgreement();
  });

  test.each([
    ["pf", { kind: "invalid-input", message: 'there is no NAT backend "pf"' }],
    ["iptables", { kind: "unsupported", message: "the NAT backend iptables does not work here: it is missing" }],
  ])("to %s is refused, and nothing changes", async (name, refusal) => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    machine.backends.failings.set("iptables", "it is missing");
    await expect(process.natSwitch.use(name)).rejects.toMatchObject(refusal);
    expect(process.selection.known()).toMatchObject({ active: "nftables" });
    machine.expectAgreement();
  });

  test("to none goes where nothing else works, before there are networks", async () => {
    using machine = new NatMachine();
    machine.store.transaction(() => machine.store.networks.delete("n"));
    for (const name of ["nftables", "iptables"]) machine.backends.failings.set(name, `${name} is missing`);
    expect(await machine.spawn().natSwitch.use("none")).toBe("none");
    machine.expectAgreement();
  });
});

describe("while another process switches", () => {
  test.each(["nftables", "iptables", "none"])("a switch to %s is refused by its pid", async (name) => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    const late = machine.spawn();
    process.steps.interrupt(0, async () => {
      await expect(late.natSwitch.use(name)).rejects.toMatchObject({
        kind: "conflict",
        code: "TSD_NAT_SWITCHING",
        message: `process ${process.owner.pid} is switching the NAT backend to iptables at this moment`,
      });
    });
    await process.natSwitch.use("iptables");
    machine.expectAgreement();
  });

  test("one back is refused until the old backend is empty, which would else be emptied later", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    const late = machine.spawn();
    const refused: unknown[] = [];
    // ensure iptables, purge nftables
    process.steps.interrupt(1, () => late.natSwitch.use("nftables").catch((error) => refused.push(error)));
    await process.natSwitch.use("iptables");
    expect(refused).toMatchObject([{ code: "TSD_NAT_SWITCHING", details: { pid: process.owner.pid } }]);
    machine.expectAgreement();
  });

  test("its work is not taken back by one that opens", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    process.steps.interrupt(0, () => machine.spawn().natSwitch.recover());
    await process.natSwitch.use("iptables");
    expect(process.selection.known()).toMatchObject({ active: "iptables" });
    machine.expectAgreement();
  });
});

describe("a switch that fails", () => {
  test("leaves the old backend in force, and nothing in the new one", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    process.steps.plan({ kind: "failure", at: 0 });
    await expect(process.natSwitch.use("iptables")).rejects.toMatchObject({ code: "TSD_TEST_INJECTED" });
    expect(process.selection.known()).toMatchObject({ active: "nftables", why: "the first that works here" });
    machine.expectAgreement();
  });

  test("and cannot be taken back either reports the cause, and the next process takes it back", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    process.steps.plan({ kind: "failure", at: 0, times: 2 });
    await expect(process.natSwitch.use("iptables")).rejects.toMatchObject({
      message: "cannot ensure iptables: injected",
    });
    process.steps.kill();
    await machine.spawn().natSwitch.recover();
    machine.expectAgreement();
  });

  test("to keep up with changes without end is given up", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    let port = 9000;
    machine.backends.pause = async () => {
      const resources = [publish("a", port++)];
      const row = endpointRow("a", "n", { state: "ready", resources });
      machine.store.transaction(() => machine.store.endpoints.update(row));
    };
    await expect(process.natSwitch.use("iptables")).rejects.toMatchObject({ kind: "conflict", code: "TSD_NAT_UNREST" });
    expect(process.selection.known()).toEqual({ active: "nftables", why: "the first that works here" });
    expect(machine.backends.held("iptables")).toEqual([]);
  });

  test("is taken back before another begins, which would lose its rules", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    process.steps.plan({ kind: "kill", at: 2 });
    await expect(process.natSwitch.use("iptables")).rejects.toThrow(Killed);
    const [first, second] = [machine.spawn(), machine.spawn()];
    // The one is about to empty iptables when the other opens and wants it.
    first.steps.interrupt(0, () => second.natSwitch.use("iptables").catch(() => undefined));
    await first.natSwitch.recover();
    machine.expectAgreement();
  });
});

describe("a process that dies while it switches", () => {
  test.each(Array.from({ length: STEPS }, (_, at) => at))("at step %i leaves what the next one settles", async (at) => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    process.steps.plan({ kind: "kill", at });
    const outcome = await process.natSwitch.use("iptables").catch((error: unknown) => error);
    expect([Killed, String]).toContain(Object(outcome).constructor);
    await machine.spawn().natSwitch.recover();
    machine.expectAgreement();
  });

  test("is survived by several that settle it at once", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    process.steps.plan({ kind: "kill", at: 2 });
    await expect(process.natSwitch.use("iptables")).rejects.toThrow(Killed);
    await Promise.all([1, 2, 3].map(() => machine.spawn().natSwitch.recover()));
    machine.expectAgreement();
  });
});

const port = fc.integer({ min: 8010, max: 8013 });
const ports = fc.uniqueArray(port, { maxLength: 2 });

/** What one command, and those after it, do to an endpoint of their own. */
const lives = fc.record({ created: ports, changes: fc.array(ports, { maxLength: 2 }), removed: fc.boolean() });

type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

async function live(process: NatProcess, id: string, { created, changes, removed }: Life): Promise<void> {
  await process.create(id, created);
  for (const change of changes) await process.change(id, change);
  if (removed) await process.remove(id);
}

async function tryUse(process: NatProcess, name: string): Promise<void> {
  await process.natSwitch.use(name).catch((error: unknown) => {
    if (!TsdError.is(error) || error.code !== "TSD_NAT_SWITCHING") throw error;
  });
}

describe("in whatever order everything happens", () => {
  test("a switch ends with exactly the rules of the rows", async () => {
    const property = fc.asyncProperty(fc.scheduler(), fc.array(lives, { maxLength: 4 }), async (scheduler, all) => {
      using machine = new NatMachine();
      const process = await publishing(machine);
      machine.backends.pause = () => scheduler.schedule(Promise.resolve());
      const actors = [
        process.natSwitch.use("iptables"),
        machine.spawn().remove("b"),
        ...all.map((life, at) => live(machine.spawn(), `e${at}`, life)),
      ];
      await scheduler.waitFor(Promise.all(actors));
      machine.expectAgreement();
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test("so do several that switch to and fro, some of which die", async () => {
    const names = fc.constantFrom("iptables", "nftables", "none");
    const deaths = fc.option(fc.nat(STEPS), { nil: undefined });
    const switches = fc.array(fc.record({ name: names, dies: deaths }), { maxLength: 3 });
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.array(lives, { maxLength: 2 }),
      switches,
      async (scheduler, all, to) => {
        using machine = new NatMachine();
        await publishing(machine);
        machine.backends.pause = () => scheduler.schedule(Promise.resolve());
        const mortal = to.map(async ({ name, dies }) => {
          const process = machine.spawn();
          if (dies !== undefined) process.steps.plan({ kind: "kill", at: dies });
          await tryUse(process, name).catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
        });
        await scheduler.waitFor(
          Promise.all([...mortal, ...all.map((life, at) => live(machine.spawn(), `e${at}`, life))]),
        );
        machine.backends.pause = async () => undefined;
        await machine.spawn().natSwitch.recover();
        machine.expectAgreement();
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });
});
