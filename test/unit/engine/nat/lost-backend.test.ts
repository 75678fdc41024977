import { describe, expect, test } from "@jest/globals";
import { NatMachine, type NatProcess, publishing } from "../../../support/engine/nat-machine.js";
import { Killed } from "../../../support/engine/steps.js";

describe.each([
  ["lost", "is not there any more"],
  ["broken", "cannot be loaded: the files of nftables are gone"],
] as const)("a backend that is in force and %s", (how, why) => {
  async function losing(machine: NatMachine): Promise<NatProcess> {
    await publishing(machine);
    machine.backends[how].add("nftables");
    return machine.spawn();
  }

  test("keeps commands from changing what it holds, and they say what to do", async () => {
    using machine = new NatMachine();
    const process = await losing(machine);
    const lost = {
      code: "TSD_NAT_LOST",
      message: `the NAT backend "nftables", which holds the rules, ${why}`,
      hint: expect.stringContaining("tsd nat use iptables --force"),
    };
    await expect(process.remove("a")).rejects.toMatchObject(lost);
    await expect(process.natSwitch.use("iptables")).rejects.toMatchObject(lost);
    await expect(process.selection.requireUsable("nftables")).rejects.toMatchObject(lost);
    expect(machine.backends.held("iptables")).toEqual([]);
  });

  test("is left by force, with what it holds", async () => {
    using machine = new NatMachine();
    const process = await losing(machine);
    const rules = machine.backends.held("nftables");
    expect(await process.natSwitch.use("iptables", { force: true })).toBe("iptables");
    expect(machine.backends.held("iptables")).toEqual(rules);
    expect(process.warnings).toEqual([expect.stringContaining('what the NAT backend "nftables" holds stays')]);
    await process.remove("a");
    await process.create("c", [8004]);
    expect(process.selection.known()).toEqual({ active: "iptables", why: "chosen by tsd nat use" });
  });

  test("keeps no switch away from it from its end, nor the list of others", async () => {
    using machine = new NatMachine();
    const process = await publishing(machine);
    process.steps.plan({ kind: "kill", at: 3 });
    await expect(process.natSwitch.use("iptables")).rejects.toThrow(Killed);
    machine.backends[how].add("nftables");
    const next = machine.spawn();
    expect((await next.selection.all()).map(({ name }) => name)).toEqual(["iptables", "none"]);
    await next.natSwitch.recover();
    expect(next.selection.known()).toEqual({ active: "iptables", why: "chosen by tsd nat use" });
    expect(machine.backends.held("nftables")).not.toEqual([]);
  });
});
