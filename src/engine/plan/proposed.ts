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
  private readonly required = new Map<string, number>();

  /** A plan is made once more: it needs the same in the same order. */
  restart(): void {
    this.required.clear();
  }

  /**
   * The proposals for that subject; throws where there are none yet. A plan that needs several for one subject, such as addresses
   * of one network, gets another each time.
   */
  require(subject: string, lacking: () => Lacking): Answer {
    const before = this.required.get(subject) ?? 0;
    this.required.set(subject, before + 1);
    const key = `${subject} ${before}`;
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
