import type { ClusterBatch, WatchedPlace } from "../../contracts/index.js";
import {
  type Field,
  isAbsent,
  member,
  optional,
  parseDocument,
  readFlag,
  readList,
  readText,
  readWord,
} from "../../contracts/json-field.js";
import { quoted } from "../../errors/connection-fault.js";
import { historyGone, putBack } from "../bounds/failures.js";
import { within } from "../bounds/range-of.js";
import { readLines } from "./body.js";
import { EtcdRefusal, MemberFault, notEtcd, unreachable } from "./failures.js";
import type { Gateway } from "./gateway.js";
import { merge } from "./merge.js";
import { refusalIn } from "./refusal.js";
import { encodeSpan, readBytes, readCount, readRecord, readRevision } from "./wire.js";

type Change = ClusterBatch["changes"][number] & { readonly revision: number };

/**
 * Changes after `revision`; see {@link ClusterState.watch}. Each place has a stream of its own: the gateway would take several requests by
 * one, and forgets those that it has not read when its first response goes out.
 */
export async function* watchEtcd(
  gateway: Gateway,
  places: readonly WatchedPlace[],
  revision: number,
  signal: AbortSignal,
): AsyncGenerator<ClusterBatch> {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  try {
    yield* merge(places.map((place) => watchPlace(gateway, [place].flat(), revision, either)));
  } finally {
    ending.abort();
  }
}

async function* watchPlace(
  gateway: Gateway,
  prefixes: readonly string[],
  revision: number,
  signal: AbortSignal,
): AsyncGenerator<ClusterBatch> {
  const isMeant = within(prefixes);
  const request = { ...encodeSpan(prefixes), start_revision: String(revision + 1), fragment: true };
  const { url, message } = await gateway.stream("watch", { create_request: request }, signal);
  try {
    for await (const line of readLines(message)) {
      for (const batch of readLine(line, gateway, revision, isMeant)) yield batch;
    }
    throw new MemberFault("it ended the watch");
  } catch (error) {
    if (signal.aborted) return;
    gateway.rotate();
    if (error instanceof EtcdRefusal) throw gateway.explain(error);
    throw error instanceof MemberFault ? unreachable(gateway.place, new Map([[url, error]])) : error;
  }
}

/** A response that is one of several fragments may end in the middle of a revision: what is said of it in two batches is the same. */
function readLine(
  line: string,
  { place }: Gateway,
  revision: number,
  isMeant: (key: string) => boolean,
): readonly ClusterBatch[] {
  const document = parseDocument(line, "its line", (fault) => notEtcd(fault));
  const refusal = refusalIn(document.value);
  if (refusal !== undefined) throw refusal;
  const result = member(document, "result");
  if (optional(member(result, "canceled"), readFlag)) {
    const kept = readCount(member(result, "compact_revision"));
    if (kept > 0) throw historyGone(place, revision, kept);
    const reason = optional(member(result, "cancel_reason"), readText) ?? "it says no reason";
    throw new MemberFault(`it ends the watch: ${quoted(reason)}`);
  }
  // etcd would keep silent about all changes before the revision that was asked for.
  const isCreated = optional(member(result, "created"), readFlag) ?? false;
  if (isCreated && readRevision(result) < revision) throw putBack(place, revision, readRevision(result));
  const events = member(result, "events");
  const changes = isAbsent(events) ? [] : readList(events, readChange);
  const batches = Map.groupBy(
    changes.filter(({ key }) => isMeant(key)),
    (change) => change.revision,
  );
  return [...batches].map(([of, some]) => ({
    revision: of,
    changes: some.map(({ revision: _, ...change }) => change),
  }));
}

/** mvccpb.Event: a type that is left out is PUT. */
function readChange(event: Field): Change {
  const kv = member(event, "kv");
  const type = optional(member(event, "type"), (field) =>
    readWord(field, "PUT or DELETE", (text) => text === "PUT" || text === "DELETE"),
  );
  if (type === "DELETE") return { key: readBytes(member(kv, "key")), revision: readCount(member(kv, "mod_revision")) };
  const { key, value, modified } = readRecord(kv);
  return { key, value, revision: modified };
}
