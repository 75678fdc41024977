import type { NatBackend, NatIntent, Orphan } from "../../api/index.js";
import { isIntent } from "../../api/intent.js";
import type { Row } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import type { NatState, OtherBackend } from "../rows/nat-state.js";
import { isLost, type NatSelection } from "./nat-selection.js";
import { refuseLacking } from "./refuse-lacking.js";

/** More rounds of other commands' changes than that do not fit into one switch. */
const MAX_ROUNDS = 64;

/**
 * Moves all rules from one backend to another, in three steps: from the first on every command writes to both, the second
 * brings what was there before, the third empties the old one. Rows are in the store before their rules are anywhere, so
 * nothing is missed; connections live on, since the kernel keeps their translation by itself. No other switch begins before
 * the third step is over; otherwise a backend that has become active again could be emptied.
 */
export class NatSwitch {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "warn">,
    private readonly selection: NatSelection,
  ) {}

  /** See {@link System.useNat}. */
  async use(name: string, { force = false }: { readonly force?: boolean } = {}): Promise<string> {
    const { store } = this.parts;
    const next = await this.selection.backend(name);
    await this.recover();
    const known = this.selection.known()?.active;
    // What cannot be loaded cannot be emptied either.
    if (known !== undefined && !force) await this.selection.held(known, name);
    // Without networks there is nothing to move, hence no need of a backend to move it from.
    const current = store.networks.list().length === 0 ? this.selection.known() : await this.selection.state();
    if (current?.active !== name) await this.selection.requireUsable(name);
    const chosen: NatState = { active: name, why: "chosen by tsd nat use" };
    const old = store.transaction(() => this.begin(chosen));
    if (old === undefined) return name;
    await undoOnFailure(
      () => this.bringOver(next),
      () => this.settle(old, name),
    );
    await this.settle(chosen, old.active);
    return name;
  }

  /** True where the process of a switch died. */
  isInterrupted(): boolean {
    const other = this.selection.known()?.other;
    return other !== undefined && !this.parts.processes.isAlive(other.owner);
  }

  /** Takes back a switch whose process died before the new backend was in force, or else ends it. */
  async recover(): Promise<void> {
    const { store, processes } = this.parts;
    const isOrphan = (other: OtherBackend | undefined): other is OtherBackend =>
      other !== undefined && !processes.isAlive(other.owner);
    if (!this.isInterrupted()) return;
    const orphan = store.transaction(() => {
      // Another process may have been faster, and begun to switch by itself.
      const state = this.selection.known();
      if (!isOrphan(state?.other)) return undefined;
      this.selection.keep({ ...state, other: { ...state.other, owner: processes.self() } });
      return state;
    });
    if (orphan?.other !== undefined) await this.settle(orphan, orphan.other.backend);
  }

  /**
   * Erases what an inactive backend holds, and `orphans` that a purge may leave; does nothing if it has become active, or
   * while rules move.
   */
  async empty(backend: string, orphans: readonly Orphan[] = []): Promise<void> {
    const { store, processes } = this.parts;
    const state = store.transaction(() => {
      const known = this.selection.known();
      if (known === undefined || known.active === backend || known.other !== undefined) return undefined;
      this.selection.keep({ ...known, other: { backend, is: "going", owner: processes.self() } });
      return known;
    });
    if (state === undefined) return;
    if (orphans.length > 0) await (await this.selection.backend(backend)).sweeper?.sweep(orphans);
    await this.settle(state, backend);
  }

  /** Marks the switch as begun, and returns what was in force before; undefined where nothing is left to do. */
  private begin(chosen: NatState): NatState | undefined {
    const state = this.selection.known();
    if (state?.other !== undefined) throw refuseAnother(state.other);
    if (state?.active === chosen.active) return undefined;
    const other: OtherBackend = { backend: chosen.active, is: "coming", owner: this.parts.processes.self() };
    this.selection.keep(state === undefined ? chosen : { ...state, other });
    return state;
  }

  /** Puts one backend in force and empties the other. */
  private async settle({ active, why }: NatState, backend: string): Promise<void> {
    const { store, processes } = this.parts;
    const other: OtherBackend = { backend, is: "going", owner: processes.self() };
    store.transaction(() => this.selection.keep({ active, why, other }));
    await this.purge(backend);
    store.transaction(() => this.selection.keep({ active, why }));
  }

  /** What is held by one that cannot be loaded any more is given up. */
  private async purge(backend: string): Promise<void> {
    let held: NatBackend;
    try {
      held = await this.selection.held(backend);
    } catch (error) {
      if (!isLost(error)) throw error;
      this.parts.warn(`what the NAT backend "${backend}" holds stays, since it cannot be loaded to remove it`);
      return;
    }
    await held.purge(this.owners());
  }

  /** Until the new backend has exactly what the rows say, which others change meanwhile. */
  private async bringOver(next: NatBackend): Promise<void> {
    let brought = new Map<string, readonly NatIntent[]>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const rows = this.wanted();
      const gone = [...brought].filter(([id, intents]) => !isSame(rows.get(id), intents));
      const missing = [...rows].filter(([id, intents]) => !isSame(brought.get(id), intents));
      if (missing.length === 0 && gone.length === 0) return;
      if (gone.length > 0) await next.remove(gone.flatMap(([, intents]) => intents));
      const wanted = missing.flatMap(([, intents]) => intents);
      refuseLacking(next, wanted);
      await next.ensure(wanted);
      brought = rows;
    }
    throw refuseUnrest();
  }

  private owners(): ReadonlySet<string> {
    return new Set(this.rows().map(({ id }) => id));
  }

  /** The intents of every row that has them or is about to. */
  private wanted(): Map<string, readonly NatIntent[]> {
    const staying = this.rows().filter(({ state }) => state !== "deleting");
    return new Map(staying.map(({ id, resources }) => [id, resources.filter(isIntent)]));
  }

  /** All that can have intents. */
  private rows(): readonly Row[] {
    const { networks, peers, endpoints } = this.parts.store;
    return [...networks.list(), ...peers.list(), ...endpoints.list()];
  }
}

function isSame(a: readonly NatIntent[] | undefined, b: readonly NatIntent[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function refuseAnother({ backend, is, owner: { pid } }: OtherBackend): TsdError {
  const what = is === "coming" ? `switching the NAT backend to ${backend}` : `emptying the NAT backend ${backend}`;
  return new TsdError({
    kind: "conflict",
    code: "TSD_NAT_SWITCHING",
    message: `process ${pid} is ${what} at this moment`,
    hint: "Try again when that command has ended.",
    details: { backend, pid },
  });
}

function refuseUnrest(): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_NAT_UNREST",
    message: `other commands changed networks and endpoints faster than their rules could be moved, ${MAX_ROUNDS} times`,
    hint: "Try again when fewer commands run.",
  });
}
