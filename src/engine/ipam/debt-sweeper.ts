import type { Orphan, Sweeper, SweepOptions } from "../../api/index.js";
import type { Debt } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { type Debts, debtWords } from "./debts.js";

const kind = "IPAM lease";

/**
 * What IPAM drivers could not release. Freeing it asks them once more; what came from a driver that no plug-in brings any
 * more is forgotten, since nobody can be asked. So is by force what still fails.
 */
export class DebtSweeper implements Sweeper {
  constructor(
    private readonly parts: Pick<Parts, "store" | "ipam">,
    private readonly debts: Pick<Debts, "insist">,
  ) {}

  async orphans(): Promise<readonly Orphan[]> {
    return this.failed().map(orphanOf);
  }

  async sweep(orphans: readonly Orphan[], { force = false }: SweepOptions = {}): Promise<void> {
    const { store, ipam } = this.parts;
    const asked = new Set(orphans.filter((orphan) => orphan.kind === kind).map(({ what }) => what));
    const debts = this.failed().filter((debt) => asked.has(orphanOf(debt).what));
    const isKnown = (debt: Debt): boolean => ipam.has(debt.ipam.driver);
    await this.debts.insist(debts.filter(isKnown));
    store.transaction(() => {
      for (const debt of debts) if (force || !isKnown(debt)) store.debts.delete(debt.holder);
    });
  }

  private failed(): readonly Debt[] {
    return this.parts.store.debts.list().filter(({ failure }) => failure !== undefined);
  }
}

function orphanOf(debt: Debt): Orphan {
  return { kind, what: debtWords(debt), why: `its release failed: ${debt.failure?.message}` };
}
