import { constants } from "node:os";
import type { Drift } from "../../api/provider.js";
import type { ForwardingEntry } from "../../api/resource.js";
import type { MessageBatch } from "../netlink/message-batch.js";
import { formatAddress, parseAddress } from "./messages/ip-prefix.js";
import {
  encodeDeleteBridgeEntry,
  encodeDeleteTunnelEntry,
  encodeNewTunnelEntry,
  isFlood,
  type TunnelEntry,
} from "./messages/tunnel-entry.js";
import { nsenterCommand } from "./session/nsenter-command.js";
import type { RequestQueue } from "./session/request-queue.js";
import type { Snapshots } from "./session/snapshots.js";

const { ENOENT, ENODEV, EINVAL } = constants.errno;

/** Queues the entry, in the place of another for the same MAC address. */
export function ensureTunnelEntry(queue: RequestQueue, resource: ForwardingEntry): void {
  const entry = entryOf(resource, queue.indexOf(resource.netns, resource.link));
  queue.add({
    operation: "add tunnel entry",
    object: objectOf(resource),
    netns: resource.netns,
    encode: (batch) => encodeNewTunnelEntry(batch, entry),
  });
}

/**
 * Queues the removal of exactly these entries; one that is gone, with its tunnel or without, counts as removed. From the bridge's
 * table goes only what went from the tunnel's: the address may be at another host by now.
 */
export function removeTunnelEntries(queue: RequestQueue, resources: readonly ForwardingEntry[]): void {
  const kept = new Set<TunnelEntry>();
  const bridged: [ForwardingEntry, TunnelEntry][] = [];
  for (const resource of resources) {
    const link = queue.findIndex(resource.netns, resource.link);
    if (link === undefined) continue;
    const entry = entryOf(resource, link);
    if (entry.bridged) bridged.push([resource, entry]);
    removeEntry(queue, resource, {
      encode: (batch) => encodeDeleteTunnelEntry(batch, entry),
      isGone: () => kept.add(entry),
    });
  }
  for (const netns of new Set(bridged.map(([resource]) => resource.netns))) queue.flush(netns);
  for (const [resource, entry] of bridged) {
    if (!kept.has(entry)) removeEntry(queue, resource, { encode: (batch) => encodeDeleteBridgeEntry(batch, entry) });
  }
}

function removeEntry(
  queue: RequestQueue,
  resource: ForwardingEntry,
  { encode, isGone }: { readonly encode: (batch: MessageBatch) => void; readonly isGone?: () => void },
): void {
  queue.add({
    operation: "remove tunnel entry",
    object: objectOf(resource),
    netns: resource.netns,
    encode,
    refused({ errno }) {
      // EINVAL: the tunnel is a port no longer.
      if (errno !== ENOENT && errno !== ENODEV && errno !== EINVAL) return false;
      isGone?.();
      return true;
    },
  });
}

export function inspectTunnelEntry(snapshots: Snapshots, resource: ForwardingEntry): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const link = snapshot?.link(resource.link);
  if (snapshot === undefined || link === undefined) return { resource, problem: "missing" };
  const { mac, remote, bridged } = entryOf(resource, link.index);
  const found = snapshot.tunnelEntries(link.index, mac);
  const remotes = found.flatMap((entry) => (entry.master || entry.remote === undefined ? [] : entry.remote));
  const [other] = remotes;
  if (!remotes.some((one) => one.equals(remote))) {
    return other === undefined || isFlood(resource)
      ? { resource, problem: "missing" }
      : { resource, problem: "different", found: `at ${formatAddress(other)}` };
  }
  const isBridged = found.some(({ master }) => master);
  return bridged && !isBridged
    ? { resource, problem: "different", found: `unknown to the bridge of ${resource.link}` }
    : undefined;
}

export function describeTunnelEntry(verb: "ensure" | "remove", resource: ForwardingEntry): readonly string[] {
  const { netns, link, mac, remote, bridged } = resource;
  const inBoth = bridged && !isFlood(resource);
  const how = inBoth ? "self master dynamic extern_learn" : "self permanent";
  const words =
    verb === "ensure"
      ? [`${isFlood(resource) ? "append" : "replace"} ${mac} dev ${link} dst ${remote} ${how}`]
      : [`delete ${mac} dev ${link} dst ${remote} self`, ...(inBoth ? [`delete ${mac} dev ${link} master`] : [])];
  return words.map((one) => nsenterCommand(netns, `bridge fdb ${one}`));
}

/** What is flooded is no matter of the bridge's table. */
function entryOf({ mac, remote, bridged = false }: ForwardingEntry, link: number): TunnelEntry {
  return { link, mac, remote: parseAddress(remote), bridged: bridged && !isFlood({ mac }) };
}

function objectOf({ mac, remote, link }: ForwardingEntry): string {
  return `${mac} at ${remote} of ${link}`;
}
