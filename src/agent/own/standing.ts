import { readHostRecord } from "../../cluster/records/values.js";
import type { Membership } from "../../contracts/index.js";
import { readRecord } from "../records/read-record.js";

/** What the cluster's state has under this host's name, beside this host itself. */
export type Standing =
  | { readonly is: "ours" | "absent" }
  /** Another's, or none that is of use; `why` is a sentence. */
  | { readonly is: "removed" | "another"; readonly why: string };

export function standingOf({ cluster, host, epoch }: Membership, text: string | undefined): Standing {
  if (text === undefined) return { is: "absent" };
  const record = readRecord(text, readHostRecord);
  if ("fault" in record)
    return { is: "another", why: `the record of host ${host} in cluster ${cluster} is of no use: ${record.fault}` };
  const { leaving, address, joined, ...other } = record.value;
  if (leaving) return { is: "removed", why: removedHost({ cluster, host }) };
  if (other.epoch === epoch) return { is: "ours" };
  return {
    is: "another",
    why: `another host joined cluster ${cluster} as ${host}, at ${address} on ${joined}; remove that one by tsd cluster rm ${host}, or leave with this one: tsd cluster leave --force`,
  };
}

export function removedHost({ cluster, host }: Pick<Membership, "cluster" | "host">): string {
  return `host ${host} was removed from cluster ${cluster}, and offers nothing there; leave it here too: tsd cluster leave --force`;
}
