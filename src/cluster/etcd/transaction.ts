import type { ClusterChange, ClusterOutcome, ClusterRecord, Requirement } from "../../contracts/index.js";
import { type Field, isAbsent, member, optional, readFlag, readList } from "../../contracts/json-field.js";
import { encode, encodeRange, readRecords, readRevision } from "./wire.js";

/** TxnRequest: where a requirement does not hold, what is found is read in its place. */
export function transactionOf({ require, put, remove }: ClusterChange): object {
  return {
    compare: require.map(comparisonOf),
    success: [
      ...remove.map((key) => ({ request_delete_range: encodeRange(key) })),
      ...put.map(({ key, value, lease }) => ({
        request_put: { key: encode(key), value: encode(value), ...(lease === undefined ? {} : { lease }) },
      })),
    ],
    failure: require.flatMap((one) => ("key" in one ? [{ request_range: { key: encode(one.key) } }] : [])),
  };
}

function comparisonOf(requirement: Requirement): object {
  if ("below" in requirement) {
    const { below, unchangedSince } = requirement;
    return { target: "MOD", result: "LESS", ...encodeRange(below), mod_revision: String(unchangedSince + 1) };
  }
  const key = encode(requirement.key);
  if ("modified" in requirement)
    return { target: "MOD", result: "EQUAL", key, mod_revision: String(requirement.modified) };
  return { target: "CREATE", result: requirement.is === "absent" ? "EQUAL" : "GREATER", key, create_revision: "0" };
}

/** TxnResponse. */
export function readOutcome(reply: Field): ClusterOutcome {
  const committed = optional(member(reply, "succeeded"), readFlag) ?? false;
  const responses = committed ? undefined : optional(member(reply, "responses"), (list) => readList(list, readFound));
  return { committed, revision: readRevision(reply), found: responses?.flat() ?? [] };
}

function readFound(response: Field): readonly ClusterRecord[] {
  const range = member(response, "response_range");
  return isAbsent(range) ? [] : readRecords(member(range, "kvs"));
}
