import type { ClusterBatch, EndpointRecord, HostRecord, MemberRecord, NetworkRecord } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { contentKeyOf } from "./network-contents.js";
import type { Scope } from "./scope.js";
import { readEndpoint, readHostRecord, readMember, readName, readNetworkRecord } from "./values.js";

/** One change of what hosts have in common. Without a record, or a host, it is gone. */
export type ClusterEvent =
  | { readonly kind: "host"; readonly name: string; readonly record?: HostRecord }
  | { readonly kind: "network"; readonly name: string; readonly record?: NetworkRecord }
  | { readonly kind: "member"; readonly networkId: string; readonly host: string; readonly record?: MemberRecord }
  | { readonly kind: "block"; readonly networkId: string; readonly block: string; readonly host?: string }
  | { readonly kind: "endpoint"; readonly networkId: string; readonly id: string; readonly record?: EndpointRecord }
  | { readonly kind: "held"; readonly networkId: string; readonly address: string; readonly host?: string }
  /** Another program wrote something; what was there before counts as gone. */
  | { readonly kind: "unreadable"; readonly key: string; readonly fault: TsdError };

export interface ClusterEvents {
  readonly revision: number;
  readonly events: readonly ClusterEvent[];
}

/** Changes after `revision` to hosts, to networks as such, and to what hosts have of the networks `ids`; ends as {@link ClusterState.watch}. */
export async function* watchNetworks(
  scope: Scope,
  ids: readonly string[],
  revision: number,
  signal: AbortSignal,
): AsyncGenerator<ClusterEvents> {
  const { state, keys } = scope;
  const prefixes = [keys.hosts, keys.networks, ...ids.map((id) => keys.contentsOf(id))];
  for await (const batch of state.watch(prefixes, revision, signal))
    yield { revision: batch.revision, events: batch.changes.map((change) => eventOf(scope, change)) };
}

type Change = ClusterBatch["changes"][number];

function eventOf(scope: Scope, change: Change): ClusterEvent {
  try {
    return understand(scope, change);
  } catch (error) {
    if (!TsdError.is(error) || error.code !== "TSD_CLUSTER_RECORD_FOREIGN") throw error;
    return { kind: "unreadable", key: change.key, fault: error };
  }
}

function understand(scope: Scope, { key, value }: Change): ClusterEvent {
  const { keys } = scope;
  const valueBy = <N extends string, T>(name: N, read: Parameters<typeof scope.decode<T>>[1]) =>
    (value === undefined ? {} : { [name]: scope.decode({ key, value }, read) }) as { readonly [K in N]?: T };
  if (key.startsWith(keys.hosts))
    return { kind: "host", name: key.slice(keys.hosts.length), ...valueBy("record", readHostRecord) };
  if (key.startsWith(keys.networks))
    return { kind: "network", name: key.slice(keys.networks.length), ...valueBy("record", readNetworkRecord) };
  const { kind, networkId, name } = contentKeyOf(scope, { key });
  switch (kind) {
    case "members":
      return { kind: "member", networkId, host: name, ...valueBy("record", readMember) };
    case "blocks":
      return { kind: "block", networkId, block: name, ...valueBy("host", readName) };
    case "endpoints":
      return { kind: "endpoint", networkId, id: name, ...valueBy("record", readEndpoint) };
    case "held":
      return { kind: "held", networkId, address: name, ...valueBy("host", readName) };
  }
}
