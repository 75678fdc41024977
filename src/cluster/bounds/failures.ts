import { TsdError } from "../../errors/tsd-error.js";

/** The error for changes that are no longer kept: who asks for them has to read all records again. */
export function historyGone(place: string, revision: number, kept: number): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_HISTORY",
    message: `${place} keeps no changes from before revision ${kept}, and those after ${revision} were asked for`,
    details: { place, revision, kept },
  });
}

/** The error for a record under a lease that was not kept alive. */
export function leaseEnded(place: string, lease: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_LEASE_ENDED",
    message: `lease ${lease} of ${place} has ended`,
    details: { place, lease },
  });
}
