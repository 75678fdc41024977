import { TsdError } from "../errors/tsd-error.js";
import { type OnDemandOptions, OnDemandService } from "../service/on-demand-service.js";

/** The process that replies to containers that ask for names, as commands see it; its subjects are paths of namespaces. */
export function resolverService(options: Omit<OnDemandOptions, "refused" | "notStarted">): OnDemandService {
  return new OnDemandService({
    ...options,
    refused: ({ subject, message, hint }) =>
      new TsdError({
        kind: "runtime",
        code: "TSD_RESOLVER_REFUSED",
        message: `the resolver cannot listen in ${subject}: ${message}`,
        ...(hint === undefined ? {} : { hint }),
        details: { netns: subject },
      }),
    notStarted: (why) =>
      new TsdError({
        kind: "runtime",
        code: "TSD_RESOLVER_NOT_STARTED",
        message: `the resolver, from which containers have names, cannot be started: ${why}`,
        hint: "See what differs on this machine: tsd doctor. Containers on networks without names need none: --disable-dns.",
      }),
  });
}
