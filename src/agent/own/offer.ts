import type { ClusterChange, Requirement } from "../../contracts/index.js";
import { printable } from "../../errors/printable.js";
import { claimsOf, goneClaims, hostText } from "./claims.js";
import { listingsOf } from "./listings.js";
import type { OfferInput } from "./offer-input.js";
import { isSame } from "./same-record.js";
import { goneEndpoints, statementsOf } from "./statements.js";

/** What this host is to write of itself in one network, where the name of the host is its own or free. */
export interface Offer {
  /** As much as one change may have; there may be more. Absent: the cluster's state is as it should be. */
  readonly change?: ClusterChange;
  /** Sentences about what of this host's another host has by now. */
  readonly conflicts: readonly string[];
}

/** Writes and removals of one change, and claims that it requires to be absent; etcd refuses more than 128 of each. */
const MOST = 100;
/** With those of the directory: what one endpoint has there is not divided. */
const ROOM = 128;
/** Characters of one change: etcd refuses a request of more than 1.5 MiB (`--max-request-bytes`). */
const LARGEST = 2 ** 20;
/** Removals, of these, that require something. */
const SOME = 20;
/** Characters of a host's or a network's name, as JSON, that are shown. */
const LONGEST_NAME = 300;

/**
 * Compares what this host has with what the cluster's state says of it. A claim that is absent is made again: the state may have been
 * put back from a backup. One that another host has by now is left to it: the later claim yields.
 */
export function offerOf(input: OfferInput): Offer {
  const { keys, records, membership, version, lost } = input;
  const key = keys.host(membership.host);
  const own = records.at(key);
  const network = records.at(keys.network(input.local.network.name));
  // Of a network that was removed nothing comes back.
  if (network === undefined && lost?.network === undefined) return { conflicts: [] };
  const claims = claimsOf(input);
  const conflicts = claims.flatMap(({ key: claimed, value, what }) => {
    const found = records.at(claimed)?.value;
    return found === undefined || found === value ? [] : [`${what} is claimed by ${holderIn(found)} in the cluster`];
  });
  const absent = [
    ...(own === undefined ? [{ key, value: lost?.host ?? hostText(membership, version) }] : []),
    ...claims.filter((claim) => records.at(claim.key) === undefined),
  ].slice(0, MOST);
  const stated = statementsOf(input).filter((statement) => !isSame(records.at(statement.key)?.value, statement.value));
  const put = fitting([...absent, ...stated].slice(0, MOST)).map((one) => ({ key: one.key, value: one.value }));
  const gone = goneClaims(input).slice(0, SOME);
  const remove = [...gone.map((one) => one.key), ...goneEndpoints(input)].slice(0, MOST - put.length);
  for (const listing of listingsOf(input)) {
    if (put.length + remove.length + listing.put.length + listing.remove.length > ROOM) break;
    if (sizeOf([...put, ...listing.put]) > LARGEST) break;
    put.push(...listing.put);
    remove.push(...listing.remove);
  }
  if (put.length + remove.length === 0) return { conflicts };
  const require: readonly Requirement[] = [
    { key: keys.version, is: "present" },
    ...(own === undefined ? [] : [{ key, modified: own.modified }]),
    ...(network === undefined ? [] : [{ key: keys.network(input.local.network.name), modified: network.modified }]),
    ...absent.map((one) => ({ key: one.key, is: "absent" as const })),
    ...gone.filter(({ key }) => remove.includes(key)),
  ];
  return { change: { require, put, remove }, conflicts };
}

type Written = ClusterChange["put"][number];

/** As many as one change has room for: all where they are few, and never none. */
function fitting<T extends Written>(all: readonly T[]): readonly T[] {
  const beyond = all.findIndex((_, at) => at > 0 && sizeOf(all.slice(0, at + 1)) > LARGEST);
  return beyond < 0 ? all : all.slice(0, beyond);
}

function sizeOf(all: readonly Written[]): number {
  return all.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
}

function holderIn(text: string): string {
  return text.length === 0 || text.length > LONGEST_NAME ? "a record of no use" : printable(text);
}
