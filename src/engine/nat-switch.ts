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
      const other = state.next ?? state.previous;
      if (other !== undefined) throw refuseAnother(other);
      this.selection.keep({ ...state, next: { backend: name, owner: processes.self() } });
      return state;
    });
    try {
      await this.bringOver(next);
    } catch (error) {
      await this.abandon();
      throw error;
    }
    const previous = { backend: active, owner: processes.self() };
    store.transaction(() => this.selection.keep({ active: name, why: "chosen by tsd nat use", previous }));
    await this.purgePrevious();
    return name;
  }

  /** Takes back a switch whose process died before the new backend was in force, and finishes one that died after. */
  async recover(): Promise<void> {
    const { next, previous } = this.selection.known() ?? {};
    const isLeft = (handover: NatState["next"]): boolean =>
      handover !== undefined && !this.parts.processes.isAlive(handover.owner);
    if (isLeft(next)) await this.abandon();
    if (isLeft(previous)) await this.purgePrevious();
  }

  private async purgePrevious(): Promise<void> {
    const { active, previous } = this.selection.known() ?? {};
    if (previous === undefined) return;
    if (previous.backend !== active) await (await this.selection.backend(previous.backend)).purge();
    this.parts.store.transaction(() => {
      const { previous: _purged, ...state } = this.selection.known() as NatState;
      this.selection.keep(state);
    });
  }

  /** Makes of the new backend one that was in force before, so that its rules go even if this is cut short as well. */
  private async abandon(): Promise<void> {
    this.parts.store.transaction(() => {
      const { next, ...state } = this.selection.known() as NatState;
      if (next !== undefined)
        this.selection.keep({ ...state, previous: { ...next, owner: this.parts.processes.self() } });
    });
    await this.purgePrevious();
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

function refuseAnother({ backend, owner: { pid } }: NonNullable<NatState["next"]>): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_NAT_SWITCHING",
    message: `process ${pid} is switching NAT backends at this moment`,
    hint: "Try again when that command has ended.",
    details: { backend, pid },
  });
}
