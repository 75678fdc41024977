import type { ClusterClaim, Debt, Membership } from "../../contracts/index.js";
import type { ClaimingHost, ClusterClaims, MemberPlace } from "../contracts/cluster.js";
import type { AskedIpam } from "../contracts/ipam-drivers.js";

/** What a plan must have from an IPAM driver before it can be made. */
export interface Lacking {
  readonly debt: Omit<Debt, "owner">;
  /** Returns a proposal for each subnet, in their order; undefined where tsd is to choose. */
  readonly ask: (driver: AskedIpam) => Promise<readonly unknown[]>;
}

/** What a plan must have in the cluster before it can be made. */
export interface LackingClaim {
  /** What is noted before it is claimed; absent for what the cluster says again. */
  readonly note?: ClusterClaim;
  /** Claims it; for a network it returns what this host has of it then. */
  readonly claim: (
    cluster: ClusterClaims,
    host: ClaimingHost & Pick<Membership, "address">,
  ) => Promise<MemberPlace | undefined>;
  /** Writes down what was claimed, in a transaction. */
  readonly settle?: (place: MemberPlace | undefined) => void;
}

export interface Answer {
  readonly holder: string;
  readonly proposals: readonly unknown[];
}

/**
 * What IPAM drivers have proposed for a plan, and what was claimed for it in the cluster. A transaction cannot wait for them. So a plan
 * that lacks something throws, which rolls its transaction back; it is asked for, and the plan is made again.
 */
export class Proposed {
  /** What the plan that has just failed lacked, unless it failed for another reason. */
  lacking: ((Lacking & { readonly key: string }) | LackingClaim) | undefined;
  /** What this host has in the cluster of the network that is planned. */
  place: MemberPlace | undefined;
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

  /** Throws, so that it is claimed and the plan made again. */
  requireClaim(lacking: LackingClaim): never {
    this.lacking = lacking;
    throw new Error("the plan lacks what is to be claimed in the cluster");
  }

  supplyClaim(place: MemberPlace | undefined): void {
    this.lacking = undefined;
    this.place = place;
  }
}
