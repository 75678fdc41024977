import { TsdError } from "../errors/tsd-error.js";
import { type OnDemandOptions, OnDemandService } from "../service/on-demand-service.js";

/** The process that follows networks which span hosts, as commands see it; its subjects are ids of networks. */
export function agentService(options: Omit<OnDemandOptions, "refused" | "notStarted">): OnDemandService {
  return new OnDemandService({
    ...options,
    refused: ({ subject, message, hint }) =>
      new TsdError({
        kind: "runtime",
        code: "TSD_AGENT_REFUSED",
        message: `the network ${subject.slice(0, 12)} cannot be joined to other hosts: ${message}`,
        ...(hint === undefined ? {} : { hint }),
        details: { network: subject },
      }),
    notStarted: (why) =>
      new TsdError({
        kind: "runtime",
        code: "TSD_AGENT_NOT_STARTED",
        message: `the agent, by which networks span hosts, cannot be started: ${why}`,
        hint: "See what it says when it runs in the foreground: tsd agent",
      }),
  });
}
