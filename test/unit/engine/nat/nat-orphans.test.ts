import { expect, test } from "@jest/globals";
import type { Orphan } from "../../../../src/api/index.js";
import { NatOrphans } from "../../../../src/engine/nat/nat-orphans.js";
import { asRule } from "../../../support/engine/fake-backends.js";
import { NatMachine, type NatProcess, publish } from "../../../support/engine/nat-machine.js";

const rule = (port: number) => publish("nobody", port);

function orphansOf(process: NatProcess, otherRoots: readonly string[] = []): NatOrphans {
  return new NatOrphans({
    selection: process.selection,
    natSwitch: process.natSwitch,
    otherRoots: async () => otherRoots,
    warn: (text) => process.warnings.push(text),
  });
}

const wanted = (machine: NatMachine) => () =>
  [...machine.store.networks.list(), ...machine.store.endpoints.list()].flatMap(({ resources }) => resources);

test("in the backend in force, rules that no row wants are orphans; they alone go", async () => {
  using machine = new NatMachine();
  const process = await machine.running();
  await process.create("a", [8001]);
  await (await process.selection.backend("nftables")).ensure([rule(81)]);
  const orphans = orphansOf(process);
  const found = await orphans.orphans(wanted(machine));
  expect(found).toEqual([expect.objectContaining({ what: asRule(rule(81)) })]);
  await orphans.sweep(found);
  machine.expectAgreement();
});

test("in another backend all rules are, wanted or not, and it is emptied", async () => {
  using machine = new NatMachine();
  const process = await machine.running();
  await process.create("a", [8001]);
  const held = machine.backends.held("nftables");
  const iptables = await process.selection.backend("iptables");
  await iptables.ensure([rule(81), publish("a", 8001)]);
  const orphans = orphansOf(process);
  const found = await orphans.orphans(wanted(machine));
  expect(found).toHaveLength(2);
  await orphans.sweep(found);
  expect(machine.backends.held("iptables")).toEqual([]);
  expect(machine.backends.held("nftables")).toEqual(held);
  machine.expectAgreement();
});

test("a backend that comes into force before it is emptied is not", async () => {
  using machine = new NatMachine();
  const process = await machine.running();
  await process.create("a", [8001]);
  await (await process.selection.backend("iptables")).ensure([rule(81)]);
  const orphans = orphansOf(process);
  const found = await orphans.orphans(wanted(machine));
  await machine.spawn().natSwitch.use("iptables");
  await process.natSwitch.empty("iptables");
  expect(machine.backends.held("iptables")).toContain(asRule(publish("a", 8001)));
  await orphans.sweep(found);
  machine.expectAgreement();
});

test("while rules move, nothing is an orphan", async () => {
  using machine = new NatMachine();
  const process = await machine.running();
  await process.create("a", [8001]);
  const looks: (readonly Orphan[])[] = [];
  const look = async (): Promise<void> => {
    looks.push(await orphansOf(machine.spawn()).orphans(wanted(machine)));
  };
  process.steps.interrupt(1, look);
  await process.natSwitch.use("iptables");
  expect(looks).toEqual([[]]);
});

test("before a backend is chosen, what no row wants is one in any", async () => {
  using machine = new NatMachine();
  const process = machine.spawn();
  for (const name of ["nftables", "iptables"]) await (await process.selection.backend(name)).ensure([rule(81)]);
  const orphans = orphansOf(process);
  const found = await orphans.orphans(wanted(machine));
  expect(found).toHaveLength(2);
  await orphans.sweep(found);
  expect([...machine.backends.held("nftables"), ...machine.backends.held("iptables")]).toEqual([]);
  expect(process.selection.known()).toBeUndefined();
});

test("where another installation works, no rule is, and the user hears why", async () => {
  using machine = new NatMachine();
  const process = await machine.running();
  await (await process.selection.backend("nftables")).ensure([rule(81)]);
  expect(await orphansOf(process, ["/other"]).orphans(wanted(machine))).toEqual([]);
  expect(process.warnings).toEqual([expect.stringContaining("/other")]);
});

test("a backend that does not work here has none, unless it is the one in force", async () => {
  using machine = new NatMachine();
  const process = await machine.running();
  machine.backends.failings.set("iptables", "no iptables in this kernel");
  expect(await orphansOf(process).orphans(wanted(machine))).toEqual([]);
  machine.backends.failings.set("nftables", "no nftables in this kernel");
  await expect(orphansOf(process).orphans(wanted(machine))).rejects.toThrow("no nftables");
});
