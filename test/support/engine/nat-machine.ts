import { expect } from "@jest/globals";
import type { HostSettings, NatIntent } from "../../../src/api/index.js";
import { isIntent } from "../../../src/api/intent.js";
import type { EndpointRow, Owner } from "../../../src/contracts/index.js";
import { NatSelection } from "../../../src/engine/nat/nat-selection.js";
import { NatSwitch } from "../../../src/engine/nat/nat-switch.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { endpointRow, networkRow } from "../../unit/store/support/rows.js";
import { TemporaryStore } from "../../unit/store/support/temporary-store.js";
import { asRule, FakeBackends } from "./fake-backends.js";
import { ProcessTable } from "./process-table.js";
import { steppedStore } from "./stepped-store.js";
import { Steps } from "./steps.js";

/** A machine with a state database and packet filters, for any number of processes, and the network "n" on it. */
export class NatMachine implements Disposable {
  readonly backends = new FakeBackends(["nftables", "iptables", "none"]);
  readonly processes = new ProcessTable();
  settings: HostSettings = {};
  readonly store: SqliteStore;
  private readonly temporary = new TemporaryStore();

  constructor() {
    this.store = this.temporary.open();
    const resources = [{ kind: "isolate", owner: "n", bridge: "br-n" }] as const;
    this.store.transaction(() => this.store.networks.insert(networkRow("n", "n", { state: "ready", resources })));
  }

  spawn(): NatProcess {
    return new NatProcess(this);
  }

  /** One that has chosen nftables and put there the rules of the network "n". */
  async running(): Promise<NatProcess> {
    const process = this.spawn();
    await process.selection.ensure(intentsOf(this.store.networks.resolve("n")));
    return process;
  }

  /** The backend in force holds what the rows say, and no other holds anything. */
  expectAgreement(): void {
    const { networks, endpoints, settings } = this.store;
    const wanted = [...networks.list(), ...endpoints.list()].flatMap(intentsOf).map(asRule).sort();
    const state = settings.get<{ active: string }>("nat");
    expect(state).toEqual({ active: expect.any(String), why: expect.any(String) });
    for (const name of ["nftables", "iptables", "none"]) {
      expect({ name, rules: this.backends.held(name) }).toEqual({
        name,
        rules: name === state?.active ? wanted : [],
      });
    }
  }

  [Symbol.dispose](): void {
    this.temporary[Symbol.dispose]();
  }
}

/** A process that has published ports of the endpoints "a" and "b" by nftables. */
export async function publishing(machine: NatMachine): Promise<NatProcess> {
  const process = await machine.running();
  await process.create("a", [8001]);
  await process.create("b", [8002, 8003]);
  return process;
}

/** One process of tsd: NAT as the composition root builds it, and what endpoints do to it. */
export class NatProcess {
  readonly owner: Owner;
  readonly steps: Steps;
  readonly selection: NatSelection;
  readonly natSwitch: NatSwitch;
  readonly warnings: string[] = [];
  private readonly store: SqliteStore;

  constructor(machine: NatMachine) {
    this.owner = machine.processes.spawn();
    this.steps = new Steps(() => machine.processes.end(this.owner.pid));
    this.store = machine.store;
    const store = steppedStore(machine.store, this.steps);
    this.selection = new NatSelection({
      store,
      backends: machine.backends.seenBy(this.steps),
      settings: () => machine.settings,
      warn: (text) => this.warnings.push(text),
    });
    const warn = (text: string): number => this.warnings.push(text);
    this.natSwitch = new NatSwitch({ store, processes: machine.processes.seenBy(this.owner), warn }, this.selection);
  }

  /** Adds an endpoint that publishes `ports`, as a command does: its row first. */
  async create(id: string, ports: readonly number[]): Promise<void> {
    const row = this.row(id, ports);
    this.write((endpoints) => endpoints.insert({ ...row, state: "creating" }));
    await this.selection.ensure(intentsOf(row));
    this.write((endpoints) => endpoints.update(row));
  }

  async change(id: string, ports: readonly number[]): Promise<void> {
    const before = this.store.endpoints.resolve(id);
    const row = this.row(id, ports);
    const leaving = intentsOf(before).filter(
      (intent) => !intentsOf(row).some((kept) => asRule(kept) === asRule(intent)),
    );
    this.write((endpoints) => endpoints.update({ ...row, state: "changing", leaving }));
    await this.selection.remove(leaving);
    await this.selection.ensure(intentsOf(row));
    this.write((endpoints) => endpoints.update(row));
  }

  async remove(id: string): Promise<void> {
    const row = this.store.endpoints.resolve(id);
    this.write((endpoints) => endpoints.update({ ...row, state: "deleting" }));
    await this.selection.remove(intentsOf(row));
    this.write((endpoints) => endpoints.delete(id));
  }

  private row(id: string, ports: readonly number[]): EndpointRow {
    const resources = ports.map((port) => publish(id, port));
    return endpointRow(id, "n", { state: "ready", owner: this.owner, resources });
  }

  private write(work: (endpoints: SqliteStore["endpoints"]) => void): void {
    this.store.transaction(() => work(this.store.endpoints));
  }
}

export function publish(owner: string, port: number): NatIntent {
  const container = { containerAddress: "10.1.0.2", containerPort: 80 };
  return { kind: "publish", owner, bridge: "br-n", protocol: "tcp", hostPort: port, ...container, count: 1 };
}

function intentsOf({ resources }: Pick<EndpointRow, "resources">): readonly NatIntent[] {
  return resources.filter(isIntent);
}
