import { isDueAgain } from "../../contracts/due-again.js";
import type { Row, Table } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";

type Postponable = Pick<Row, "postponed" | "owner">;

/** Which rows commands leave alone for a while, since a plug-in kept the last one from finishing them. */
export class Postponements {
  private hasLeft = false;

  constructor(private readonly parts: Pick<Parts, "store" | "processes" | "applier">) {}

  /** Until another process takes the row. */
  isPostponed({ postponed, owner }: Postponable): boolean {
    return postponed !== undefined && sameOwner(postponed.by, owner);
  }

  /** For a command that has nothing to do with the row. */
  isDue(row: Postponable): boolean {
    const isDue = row.postponed === undefined || !this.isPostponed(row) || isDueAgain(row.postponed.at);
    this.hasLeft ||= !isDue;
    return isDue;
  }

  /** Whether this process has found a row to leave alone. */
  get areThere(): boolean {
    return this.hasLeft;
  }

  /**
   * Notes it on those of the rows that are still there, after `error`. Where the plug-in itself is missing it costs no time to
   * look for it, and the first command that has it finishes the work.
   */
  async note<T extends Row>(table: Table<T>, rows: readonly T[], error: unknown): Promise<void> {
    if (!isOfPlugin(error)) return;
    const { store, processes, applier } = this.parts;
    const self = processes.self();
    for (const { id, resources, leaving = [] } of rows) {
      if ((await applier.missingKinds([...resources, ...leaving])).length > 0) continue;
      store.unsyncedTransaction(() => {
        const row = table.get(id);
        if (row === undefined || !sameOwner(row.owner, self)) return;
        table.update({ ...row, postponed: { at: new Date().toISOString(), by: self } });
      });
    }
  }
}

/** One of several failures is enough: the next attempt waits for that plug-in too. */
function isOfPlugin(error: unknown): boolean {
  if (!TsdError.is(error)) return false;
  const { failures = [] } = error.details as { readonly failures?: readonly { readonly kind?: string }[] };
  return error.kind === "plugin" || failures.some(({ kind }) => kind === "plugin");
}
