import type { ClusterNote, Debt } from "../../contracts/index.js";
import type { Claims } from "../cluster/claims.js";
import type { Parts } from "../contracts/parts.js";
import { type Lacking, Proposed } from "../plan/proposed.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { type Debts, missingIpam } from "./debts.js";

/** Makes plans that need proposals of IPAM drivers, or claims in the cluster, which may take their time. */
export class Proposals {
  constructor(
    private readonly parts: Pick<Parts, "store" | "ipam">,
    private readonly debts: Debts,
    private readonly claims: Pick<Claims, "claim" | "giveBack">,
  ) {}

  /**
   * Returns what `plan` returns, which opens a transaction itself. Each time that it lacks a proposal or a claim, that is asked for
   * outside of every transaction, and `plan` is called again. What no row took in the end is released.
   */
  async during<T>(plan: (proposed: Proposed) => T): Promise<T> {
    const proposed = new Proposed();
    const noted: Debt[] = [];
    const claimed: ClusterNote[] = [];
    const attempt = async (): Promise<T> => {
      for (;;) {
        try {
          proposed.restart();
          return plan(proposed);
        } catch (error) {
          const { lacking } = proposed;
          if (lacking === undefined) throw error;
          if ("claim" in lacking) claimed.push(...(await this.claims.claim(lacking, proposed)));
          else await this.ask(lacking, proposed, noted);
        }
      }
    };
    const result = await undoOnFailure(attempt, async () => {
      await this.claims.giveBack(claimed);
      await this.debts.settle(noted);
    });
    if (noted.length > 0) await this.debts.settle(this.untaken(noted));
    return result;
  }

  private async ask({ key, debt, ask }: Lacking & { readonly key: string }, proposed: Proposed, noted: Debt[]) {
    const { store, ipam } = this.parts;
    const driver = ipam.get(debt.ipam.driver);
    if (driver === undefined) throw missingIpam(debt.ipam.driver);
    noted.push(...store.transaction(() => this.debts.note(debt)));
    proposed.supply(key, { holder: debt.holder, proposals: await ask(driver) });
  }

  /** A network can be another one by the time that its IPAM driver has proposed. */
  private untaken(noted: readonly Debt[]): readonly Debt[] {
    const left = new Set(this.parts.store.debts.list().map(({ holder }) => holder));
    return noted.filter(({ holder }) => left.has(holder));
  }
}
