import type { Debt } from "../../contracts/index.js";
import type { AskedIpam } from "../contracts/ipam-drivers.js";

/** What a plan must have from an IPAM driver before it can be made. */
export interface Lacking {
  readonly debt: Omit<Debt, "owner">;
  /** Returns a proposal for each subnet, in their order; undefined where tsd is to choose. */
  readonly ask: (driver: AskedIpam) => Promise<readonly unknown[]>;
}

export interface Answer {
  readonly holder: string;
  readonly proposals: readonly unknown[];
}

/**
 * What IPAM drivers have proposed for a plan. A transaction cannot wait for them. So a plan that lacks a proposal throws,
 * which rolls its transaction back; the driver is asked, and the plan is made again.
 */
export class Proposed {
  /** What the plan that has just failed lacked, unless it failed for another reason. */
  lacking: (Lacking & { readonly key: string }) | undefined;
  private readonly supplied = new Map<string, Answer>();

  /** The proposals for that key; throws where there are none yet. */
  require(key: string, lacking: () => Lacking): Answer {
    const answer = this.supplied.get(key);
    if (answer !== undefined) return answer;
    this.lacking = { key, ...lacking() };
    throw new Error(`the plan lacks what IPAM driver "${this.lacking.debt.ipam.driver}" proposes`);
  }

  supply(key: string, answer: Answer): void {
    this.lacking = undefined;
    this.supplied.set(key, answer);
  }
}
