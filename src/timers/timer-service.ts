import { TsdError } from "../errors/tsd-error.js";
import { type OnDemandOptions, OnDemandService } from "../service/on-demand-service.js";

/** The process that does something for containers from time to time, as commands see it; see subject.ts. */
export function timerService(options: Omit<OnDemandOptions, "refused" | "notStarted">): OnDemandService {
  return new OnDemandService({
    ...options,
    refused: ({ subject, message }) =>
      new TsdError({
        kind: "runtime",
        code: "TSD_TIMER_REFUSED",
        message: `the timer "${subject}" of a container cannot be set: ${message}`,
        details: { subject },
      }),
    notStarted: (why) =>
      new TsdError({
        kind: "runtime",
        code: "TSD_TIMERS_NOT_STARTED",
        message: `the process that checks containers and begins their log files cannot be started: ${why}`,
        hint: "See what differs on this machine: tsd doctor. --no-healthcheck, and no max-file of --log-opt, do without it.",
      }),
  });
}
