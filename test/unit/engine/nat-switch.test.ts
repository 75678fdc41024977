import { describe, expect, test } from "@jest/globals";
import type { HostSettings, NatIntent, Owner } from "../../../src/api/index.js";
import { NatSelection } from "../../../src/engine/nat-selection.js";
import { NatSwitch } from "../../../src/engine/nat-switch.js";
import { isIntent } from "../../../src/engine/removal-order.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { FakeBackend } from "../../support/engine/fake-backend.js";
import { ProcessTable } from "../../support/engine/process-table.js";
import { publish } from "../nat/intents.js";
import { endpointRow, idFrom } from "../store/support/rows.js";
import { TemporaryStore } from "../store/support/temporary-store.js";

class Machine implements Disposable {
  readonly backends = {
    nftables: new FakeBackend("nftables"),
    iptables: new FakeBackend("iptables"),
    none: new FakeBackend("none"),
  };
  readonly processes = new ProcessTable();
  readonly warnings: string[] = [];
  settings: HostSettings = {};
  private readonly temporary = new TemporaryStore();
  readonly store: SqliteStore = this.temporary.open();

  /** tsd as one process has it. */
  command(): { readonly selection: NatSelection; readonly natSwitch: NatSwitch; readonly owner: Owner } {
    const owner = this.processes.spawn();
    const selection = new NatSelection({
      store: this.store,
      backends: new Map(Object.entries(this.backends).map(([name, backend]) => [name, async () => backend])),
      settings: () => this.settings,
      warn: (text) => this.warnings.push(text),
    });
    return {
      selection,
      natSwitch: new NatSwitch({ store: this.store, processes: this.processes.seenBy(owner) }, selection),
      owner,
    };
  }

  /** What one command does for an endpoint that publishes a port: the row first, then the rules. */
  async publish(number: number): Promise<void> {
    const intents = [intentOf(number)];
    this.store.transaction(() =>
      this.store.endpoints.insert(endpointRow(idFrom(`e${number}`), "n", { resources: intents })),
    );
    await this.command().selection.ensure(intents);
    this.store.transaction(() =>
      this.store.endpoints.update(endpointRow(idFrom(`e${number}`), "n", { resources: intents, state: "ready" })),
    );
  }

  async unpublish(number: number): Promise<void> {
    const id = idFrom(`e${number}`);
    this.store.transaction(() =>
      this.store.endpoints.update(endpointRow(id, "n", { resources: [intentOf(number)], state: "deleting" })),
    );
    await this.command().selection.remove([intentOf(number)]);
    this.store.transaction(() => this.store.endpoints.delete(id));
  }

  /** Exactly the rules of the rows are in the backend in force, and nothing is in the others. */
  expectAgreement(active: keyof Machine["backends"]): void {
    expect(this.store.settings.get("nat")).toEqual({ active, why: expect.any(String) });
    const wanted = this.store.endpoints.list().flatMap(({ resources }) => resources.filter(isIntent));
    for (const [name, { rules }] of Object.entries(this.backends)) {
      expect([...rules].sort()).toEqual(name === active ? wanted.map((intent) => JSON.stringify(intent)).sort() : []);
    }
  }

  [Symbol.dispose](): void {
    this.temporary[Symbol.dispose]();
  }
}

function intentOf(number: number): NatIntent {
  return publish({ hostPort: 1000 + number, owner: idFrom(`e${number}`) });
}

describe("the backend in force", () => {
  test("is the first that works, for good, whoever asks", async () => {
    using machine = new Machine();
    const states = await Promise.all([machine.command(), machine.command()].map(({ selection }) => selection.state()));
    expect(states).toEqual(Array.from({ length: 2 }, () => ({ active: "nftables", why: "the first that works here" })));
    machine.backends.nftables.availability = { usable: false, reason: "gone", hint: "" };
    expect(await machine.command().selection.state()).toMatchObject({ active: "nftables" });
  });

  test("is the next where the first does not work, which it says", async () => {
    using machine = new Machine();
    machine.backends.nftables.availability = { usable: false, reason: "no nft", hint: "install it" };
    expect(await machine.command().selection.state()).toEqual({
      active: "iptables",
      why: "the first that works here; before it was tried: no nft",
    });
  });

  test("is none of its own accord where nothing works", async () => {
    using machine = new Machine();
    machine.backends.nftables.availability = { usable: false, reason: "no nft", hint: "install nftables" };
    machine.backends.iptables.availability = { usable: false, reason: "no iptables", hint: "install iptables" };
    await expect(machine.command().selection.ensure([intentOf(1)])).rejects.toMatchObject({
      kind: "unsupported",
      message: "no nft; no iptables",
      hint: "install nftables",
    });
  });

  test("is what the settings say", async () => {
    using machine = new Machine();
    machine.settings = { nat: "none" };
    await machine.publish(1);
    expect(machine.store.settings.get("nat")).toEqual({ active: "none", why: "chosen by the settings" });
    expect(machine.warnings).toEqual([expect.stringContaining("ports are not published")]);
  });
});

describe("a switch", () => {
  test("moves every rule, and purges the old backend", async () => {
    using machine = new Machine();
    for (const number of [1, 2, 3]) await machine.publish(number);
    await machine.unpublish(2);
    expect(await machine.command().natSwitch.use("iptables")).toBe("iptables");
    machine.expectAgreement("iptables");
    expect(await machine.command().natSwitch.use("iptables")).toBe("iptables");
    await machine.unpublish(1);
    machine.expectAgreement("iptables");
  });

  test("has both backends whole before the old one goes", async () => {
    using machine = new Machine();
    for (const number of [1, 2]) await machine.publish(number);
    const seen: number[][] = [];
    machine.backends.nftables.before = async () => {
      seen.push([machine.backends.nftables.rules.size, machine.backends.iptables.rules.size]);
    };
    await machine.command().natSwitch.use("iptables");
    expect(seen).toEqual([[2, 2]]);
  });

  test.each(["nftables", "iptables"] as const)("misses nothing that others do at any moment of %s", async (slow) => {
    for (let moment = 0; moment < 4; moment++) {
      using machine = new Machine();
      for (const number of [1, 2]) await machine.publish(number);
      let visits = 0;
      machine.backends[slow].before = async () => {
        if (visits++ !== moment) return;
        await machine.publish(3);
        await machine.unpublish(1);
      };
      await machine.command().natSwitch.use("iptables");
      machine.expectAgreement("iptables");
    }
  });

  test("is followed by a command that was under way", async () => {
    using machine = new Machine();
    await machine.publish(1);
    let visits = 0;
    machine.backends.nftables.before = async (verb) => {
      if (verb === "ensure" && visits++ === 0) await machine.command().natSwitch.use("iptables");
    };
    await machine.publish(2);
    machine.expectAgreement("iptables");
  });

  test.each(["ensure", "purge"] as const)("whose process dies before %s is taken back or finished", async (verb) => {
    using machine = new Machine();
    await machine.publish(1);
    const doomed = machine.command();
    const died = new Promise((resolve) => {
      const stop = async (at: string): Promise<void> => {
        if (at !== verb) return;
        machine.processes.end(doomed.owner.pid);
        resolve(undefined);
        await new Promise(() => undefined);
      };
      machine.backends.iptables.before = stop;
      machine.backends.nftables.before = stop;
    });
    const whole = doomed.natSwitch.use("iptables");
    whole.catch(() => undefined);
    await died;
    for (const backend of Object.values(machine.backends)) backend.before = async () => undefined;
    await machine.command().natSwitch.recover();
    machine.expectAgreement(verb === "ensure" ? "nftables" : "iptables");
  });

  test("to a backend that fails leaves the old one in force", async () => {
    using machine = new Machine();
    await machine.publish(1);
    machine.backends.iptables.before = async (verb) => {
      if (verb === "ensure") throw new Error("no room");
    };
    await expect(machine.command().natSwitch.use("iptables")).rejects.toThrow("no room");
    machine.expectAgreement("nftables");
  });

  test("is refused while another is under way, and to what does not exist or work", async () => {
    using machine = new Machine();
    await machine.publish(1);
    const other = machine.processes.spawn();
    const state = { active: "nftables", why: "", next: { backend: "iptables", owner: other } };
    machine.store.transaction(() => machine.store.settings.set("nat", state));
    const { natSwitch } = machine.command();
    await expect(natSwitch.use("none")).rejects.toMatchObject({
      kind: "conflict",
      message: expect.stringContaining(String(other.pid)),
    });
    await expect(natSwitch.use("magic")).rejects.toMatchObject({
      kind: "invalid-input",
      message: expect.stringContaining('"magic"'),
    });
    machine.backends.iptables.availability = { usable: false, reason: "it is missing", hint: "install it" };
    await expect(natSwitch.use("iptables")).rejects.toMatchObject({ kind: "unsupported", hint: "install it" });
  });
});
