import type { ClusterMembership, Sweeper } from "../api/index.js";
import { sweeperOf } from "../kernel/orphans/sweeper-of.js";
import type { OnDemandService } from "../service/on-demand-service.js";

/**
 * The agent as a whole, or what it left, where nothing needs one; and networks that it follows and nothing lists. In a cluster it may
 * run without networks: `tsd agent`.
 */
export function membershipSweeper(agent: OnDemandService, isInCluster: () => boolean): Sweeper {
  return sweeperOf<Item>({
    async list() {
      if (!agent.isPresent()) return [];
      const served = await agent.serving();
      return [{ network: undefined }, ...served.map(({ subject }) => ({ network: subject }))];
    },
    orphanOf: ({ network }) =>
      network === undefined
        ? { kind: "process", what: agent.directory, why: "no network here spans hosts" }
        : { kind: "membership", what: network, why: "no network has that id" },
    claims(wanted) {
      const memberships = wanted.filter((one): one is ClusterMembership => one.kind === "membership");
      const ids = new Set(memberships.map(({ network }) => network));
      return ({ network }) => (network === undefined ? ids.size > 0 || isInCluster() : ids.has(network));
    },
    async free(items) {
      const networks = items.flatMap(({ network }) => network ?? []);
      if (networks.length < items.length) await agent.end();
      else await agent.leave(networks);
    },
  });
}

interface Item {
  /** Id; absent for the agent itself. */
  readonly network: string | undefined;
}
