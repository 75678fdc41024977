import { describe, expect, test } from "@jest/globals";
import type { NatState } from "../../../../src/engine/rows/nat-state.js";
import { asRule } from "../../../support/engine/fake-backends.js";
import { NatMachine, publish } from "../../../support/engine/nat-machine.js";
import { guard, isolate, member, segment, trunk } from "../../nat/intents.js";

const intent = publish("e", 80);
const inlet = { link: trunk, addresses: ["10.10.10.64"] };
const remote = { link: "eth0", subnets: ["10.10.10.0/24"] };

describe("the backend", () => {
  test.each([
    { failings: [], active: "nftables", why: "the first that works here" },
    {
      failings: ["nftables"],
      active: "iptables",
      why: "the first that works here; before it was tried: nftables is broken",
    },
  ])("that $active is chosen where $failings do not work", async ({ failings, active, why }) => {
    using machine = new NatMachine();
    for (const name of failings) machine.backends.failings.set(name, `${name} is broken`);
    const { selection } = machine.spawn();
    expect(selection.known()).toBeUndefined();
    expect(await selection.state()).toEqual({ active, why });
    expect(machine.spawn().selection.known()).toEqual({ active, why });
  });

  test("stays the one chosen, whatever works later and whatever the settings say then", async () => {
    using machine = new NatMachine();
    machine.backends.failings.set("nftables", "nftables is broken");
    await machine.spawn().selection.state();
    machine.backends.failings.clear();
    machine.settings = { nat: "nftables" };
    expect(await machine.spawn().selection.state()).toMatchObject({ active: "iptables" });
  });

  test("is never none by itself: without one that works the answer names each reason", async () => {
    using machine = new NatMachine();
    machine.backends.failings.set("nftables", "there is no nft").set("iptables", "there is no iptables");
    const { selection } = machine.spawn();
    await expect(selection.state()).rejects.toMatchObject({
      kind: "unsupported",
      code: "TSD_NAT_NONE_USABLE",
      message: "there is no nft; there is no iptables",
      hint: "Install nftables.",
    });
    expect(selection.known()).toBeUndefined();
  });

  test.each(["iptables", "none"])("%s is taken where the settings name it", async (nat) => {
    using machine = new NatMachine();
    machine.settings = { nat };
    expect(await machine.spawn().selection.state()).toEqual({ active: nat, why: "chosen by the settings" });
  });

  test("that the settings name and that does not work is refused with its reason, and no other is taken", async () => {
    using machine = new NatMachine();
    machine.settings = { nat: "iptables" };
    machine.backends.failings.set("iptables", "there is no iptables");
    await expect(machine.spawn().selection.state()).rejects.toMatchObject({
      kind: "unsupported",
      code: "TSD_NAT_UNUSABLE",
      message: "the NAT backend iptables does not work here: there is no iptables",
      hint: "Install iptables.",
    });
  });

  test("that nobody knows is refused with those there are", async () => {
    using machine = new NatMachine();
    await expect(machine.spawn().selection.backend("pf")).rejects.toMatchObject({
      kind: "invalid-input",
      message: 'there is no NAT backend "pf"',
      hint: "Use one of: nftables, iptables, none.",
    });
  });

  test("is the same for two processes that choose at once, though they find different ones", async () => {
    using machine = new NatMachine();
    const [slow, fast] = [machine.spawn(), machine.spawn()];
    const { backends } = machine;
    // The slow one has found that nftables works when the other begins.
    backends.pause = async () => {
      backends.pause = async () => undefined;
      backends.failings.set("nftables", "nftables broke between the two");
      await fast.selection.state();
    };
    expect(await slow.selection.state()).toMatchObject({ active: "iptables" });
    expect(slow.selection.known()).toMatchObject({ active: "iptables" });
  });
});

/** As a switch leaves it at that moment. */
function keep(machine: NatMachine, state: NatState): void {
  machine.store.transaction(() => machine.store.settings.set("nat", state));
}

describe("rules", () => {
  test("go to the backend in force, and leave it", async () => {
    using machine = new NatMachine();
    const { selection, warnings } = machine.spawn();
    await selection.ensure([intent]);
    expect(machine.backends.held("nftables")).toEqual([asRule(intent)]);
    expect(await selection.inspect([intent])).toEqual([]);
    await selection.remove([intent]);
    expect(machine.backends.held("nftables")).toEqual([]);
    expect(await selection.inspect([intent])).toEqual([{ resource: intent, problem: "missing" }]);
    expect(warnings).toEqual([]);
  });

  test("go to both backends during a switch, and leave both", async () => {
    using machine = new NatMachine();
    const { selection, owner } = machine.spawn();
    keep(machine, { active: "nftables", why: "", other: { backend: "iptables", is: "coming", owner } });
    await selection.ensure([intent]);
    for (const name of ["nftables", "iptables"]) expect(machine.backends.held(name)).toEqual([asRule(intent)]);
    await selection.remove([intent]);
    for (const name of ["nftables", "iptables"]) expect(machine.backends.held(name)).toEqual([]);
  });

  test.each([
    { meanwhile: "was completed", held: ["iptables"] },
    { meanwhile: "began", held: ["nftables", "iptables"] },
    { meanwhile: "was completed, and another began", held: ["iptables", "none"] },
  ])("follow a switch that $meanwhile while they were made", async ({ held }) => {
    using machine = new NatMachine();
    const { selection, steps, owner } = await machine.running();
    const [active = "", backend] = held;
    const other = backend === undefined ? {} : ({ other: { backend, is: "coming", owner } } as const);
    steps.interrupt(0, async () => keep(machine, { active, why: "", ...other }));
    await selection.ensure([intent]);
    const holders = ["nftables", "iptables", "none"].filter((name) =>
      machine.backends.held(name).includes(asRule(intent)),
    );
    expect(holders).toEqual(held);
  });

  test("are in the new backend again where a switch to it was given up and started again meanwhile", async () => {
    using machine = new NatMachine();
    const { selection, steps, owner } = await machine.running();
    const switching: NatState = { active: "nftables", why: "", other: { backend: "iptables", is: "coming", owner } };
    keep(machine, switching);
    // Given up when the rule is in both, and started again before it is taken out of the second.
    steps.interrupt(1, async () => {
      keep(machine, { active: "nftables", why: "" });
      steps.interrupt(0, async () => keep(machine, switching));
    });
    await selection.ensure([intent]);
    expect(machine.backends.held("iptables")).toEqual([asRule(intent)]);
  });

  test.each([
    { lacks: "guard", intents: [guard()], code: "TSD_NAT_GUARD", named: "antispoof=true" },
    { lacks: "guard", intents: [{ ...isolate, guarded: true }], code: "TSD_NAT_GUARD", named: "antispoof=true" },
    { lacks: "guard", intents: [guard({ shared: true })], code: "TSD_NAT_INLET", named: "mode=l2" },
    { lacks: "guard", intents: [{ ...isolate, inlet }], code: "TSD_NAT_INLET", named: "mode=l2" },
    { lacks: "segment", intents: [{ ...isolate, inlet }], code: "TSD_NAT_KIND", named: '"segment"' },
    { lacks: "segment", intents: [isolate, { ...isolate, trunk }], code: "TSD_NAT_KIND", named: '"segment"' },
    { lacks: "segment", intents: [{ ...isolate, remote }], code: "TSD_NAT_KIND", named: "networks on several hosts" },
    { lacks: "segment", intents: [segment], code: "TSD_NAT_KIND", named: '"segment"' },
    { lacks: "member", intents: [member()], code: "TSD_NAT_KIND", named: '"member"' },
    { lacks: "publish", intents: [publish("e", 80)], code: "TSD_NAT_KIND", named: '"publish"' },
  ] as const)(
    "$intents.0.kind is refused by a backend without $lacks: $code",
    async ({ lacks, intents, code, named }) => {
      using machine = new NatMachine();
      machine.backends.lacking.set("nftables", [lacks]);
      const { selection } = machine.spawn();
      const refusal = { kind: "unsupported", code, message: expect.stringMatching(named) };
      await expect(
        selection.refuse([{ kind: "link", type: "bridge", name: "br-n" }, ...intents]),
      ).rejects.toMatchObject(refusal);
      await expect(selection.ensure(intents)).rejects.toMatchObject(refusal);
      expect(machine.backends.held("nftables")).toEqual([]);
      machine.backends.lacking.clear();
      await machine.spawn().selection.ensure(intents);
    },
  );

  test("of published ports are missed with a warning where the backend is none", async () => {
    using machine = new NatMachine();
    machine.settings = { nat: "none" };
    const { selection, warnings } = machine.spawn();
    await selection.ensure([{ kind: "isolate", owner: "n", bridge: "br-n" }]);
    expect(warnings).toEqual([]);
    await selection.ensure([intent]);
    expect(warnings).toEqual(["ports are not published by tsd, since its NAT backend is none"]);
  });
});
