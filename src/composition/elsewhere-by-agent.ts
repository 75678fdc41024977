import type { Elsewhere, FoundElsewhere } from "../contracts/index.js";
import type { OnDemandService } from "../service/on-demand-service.js";

/** Endpoints of other hosts as this host's agent finds them; `patience` in milliseconds. */
export function elsewhereByAgent(agent: () => Promise<Pick<OnDemandService, "find">>, patience: number): Elsewhere {
  return {
    async find(networkId, question) {
      return (await (await agent()).find(networkId, question, patience)) as FoundElsewhere;
    },
  };
}
