import type { EndpointRow, NatIntent, NetworkRow } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { NatSelection, NatState } from "./nat-selection.js";
import type { Parts } from "./parts.js";
import { isIntent } from "./removal-order.js";

/** More rounds of other commands' changes than that do not fit into one switch. */
const MAX_ROUNDS = 64;

/**
 * Moves all rules from one backend to another, in three steps: from the first on every command writes to both, the second
 * brings what was there before, the third drops the old one. Rows are in the store before their rules are anywhere, so
 * nothing is missed; connections live on, since the kernel keeps their translation by itself.
 */
export class NatSwitch {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes">,
    private readonly selection: NatSelection,
  ) {}

  /** See {@link System.useNat}. */
  async use(name: string): Promise<string> {
    const { store, processes } = this.parts;
    const next = await this.selection.backend(name);
    await this.recover();
    if ((await this.selection.state()).active === name) return name;
    await this.selection.requireUsable(name);
    const { active } = store.transaction(() => {
      const state = this.selection.known() as NatState;
      if (state.next !== undefined) throw refuseAnother(state.next.backend, state.next.owner.pid);
      this.selection.keep({ ...state, next: { backend: name, owner: processes.self() } });
      return state;
    });
    try {
      await this.bringOver(next);
    } catch (error) {
      await this.abandon();
      throw error;
    }
    store.transaction(() => this.selection.keep({ active: name, why: "chosen by tsd nat use" }));
    await (await this.selection.backend(active)).purge();
    return name;
  }

  /** Takes back a switch whose process died before the new backend was in force. */
  async recover(): Promise<void> {
    const next = this.selection.known()?.next;
    if (next !== undefined && !this.parts.processes.isAlive(next.owner)) await this.abandon();
  }

  private async abandon(): Promise<void> {
    const { store } = this.parts;
    const abandoned = store.transaction(() => {
      const { next, ...state } = this.selection.known() as NatState;
      this.selection.keep(state);
      return next?.backend;
    });
    if (abandoned !== undefined) await (await this.selection.backend(abandoned)).purge();
  }

  /** Until the new backend has exactly what the rows say, which others change meanwhile. */
  private async bringOver(next: Pick<NatSelection, "ensure" | "remove">): Promise<void> {
    let brought = new Map<string, readonly NatIntent[]>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const rows = this.wanted();
      const gone = [...brought].filter(([id, intents]) => !isSame(rows.get(id), intents));
      const missing = [...rows].filter(([id, intents]) => !isSame(brought.get(id), intents));
      if (missing.length === 0 && gone.length === 0) return;
      await next.remove(gone.flatMap(([, intents]) => intents));
      await next.ensure(missing.flatMap(([, intents]) => intents));
      brought = rows;
    }
  }

  /** The intents of every row that has them or is about to. */
  private wanted(): Map<string, readonly NatIntent[]> {
    const { networks, endpoints } = this.parts.store;
    const rows: readonly (NetworkRow | EndpointRow)[] = [...networks.list(), ...endpoints.list()];
    const staying = rows.filter(({ state }) => state !== "deleting");
    return new Map(staying.map(({ id, resources }) => [id, resources.filter(isIntent)]));
  }
}

function isSame(a: readonly NatIntent[] | undefined, b: readonly NatIntent[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function refuseAnother(backend: string, pid: number): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_NAT_SWITCHING",
    message: `process ${pid} is switching the NAT backend to ${backend} at this moment`,
    hint: "Try again when that command has ended.",
    details: { backend, pid },
  });
}
