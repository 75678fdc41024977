import type { ClusterMembership, Drift, Provider } from "../api/index.js";
import type { NetworkNotes } from "../contracts/index.js";
import type { Preparing } from "../contracts/preparing.js";
import { shellLine, withInput } from "../kernel/shell-words.js";
import { encode } from "../service/messages.js";
import type { OnDemandService } from "../service/on-demand-service.js";

interface Parts {
  readonly agent: OnDemandService;
  /** What the agent last noted about a network. */
  readonly notes: (networkId: string) => NetworkNotes | undefined;
  readonly warn: (text: string) => void;
}

type Memberships = readonly ClusterMembership[];

/** That the agent keeps a network in line with the other hosts of the cluster. */
export class MembershipProvider implements Provider<"membership">, Preparing {
  readonly kinds = ["membership"] as const;

  constructor(private readonly parts: Parts) {}

  prepare(): void {
    this.parts.agent.prepare();
  }

  /** Returns once the network's peers are there, from the cluster's state or from before. */
  async ensure(memberships: Memberships): Promise<void> {
    await this.parts.agent.serve(idsOf(memberships));
    for (const trouble of new Set(memberships.flatMap((one) => this.troublesOf(one)))) this.parts.warn(trouble);
  }

  remove(memberships: Memberships): Promise<void> {
    return this.parts.agent.leave(idsOf(memberships));
  }

  async inspect(memberships: Memberships): Promise<readonly Drift[]> {
    const served = new Set((await this.parts.agent.serving(idsOf(memberships))).map(({ subject }) => subject));
    return memberships.flatMap((resource): readonly Drift[] => {
      if (!served.has(resource.network)) return [{ resource, problem: "missing" }];
      const troubles = this.troublesOf(resource);
      return troubles.length === 0 ? [] : [{ resource, problem: "different", found: troubles.join("; ") }];
    });
  }

  async describe(verb: "ensure" | "remove", memberships: Memberships): Promise<readonly string[]> {
    const request = { verb: verb === "ensure" ? "open" : "close", subjects: idsOf(memberships) } as const;
    return [withInput(shellLine(["nc", "-N", "-U", this.parts.agent.socket]), encode(request))];
  }

  private troublesOf({ network }: ClusterMembership): readonly string[] {
    return this.parts.notes(network)?.troubles ?? [];
  }
}

function idsOf(memberships: Memberships): readonly string[] {
  return memberships.map(({ network }) => network);
}
