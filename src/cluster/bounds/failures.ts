import { TsdError } from "../../errors/tsd-error.js";

/** The error for changes that are no longer kept: who asks for them has to read all records again. */
export function historyGone(place: string, revision: number, kept: number): TsdError {
  return noHistory(
    place,
    revision,
    `keeps no changes from before revision ${kept}, and those after ${revision} were asked for`,
  );
}

/** The error for a state that was put back to an earlier one: its next changes have revisions that were there before. */
export function putBack(place: string, revision: number, last: number): TsdError {
  return noHistory(
    place,
    revision,
    `is at revision ${last}, and was at ${revision} before: it was put back from a backup`,
  );
}

function noHistory(place: string, revision: number, why: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_HISTORY",
    message: `${place} ${why}`,
    details: { place, revision },
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
