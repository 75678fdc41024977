import { constants } from "node:os";
import type { Drift } from "../../api/provider.js";
import type { ForwardingEntry } from "../../api/resource.js";
import type { MessageBatch } from "../netlink/message-batch.js";
import { formatAddress, parseAddress } from "./messages/ip-prefix.js";
import {
  decodeTunnelEntry,
  encodeDeleteBridgeEntry,
  encodeDeleteTunnelEntry,
  encodeGetTunnelEntry,
  encodeNewTunnelEntry,
  isFlood,
  type TunnelEntry,
  type TunnelEntryState,
} from "./messages/tunnel-entry.js";
import { nsenterCommand } from "./session/nsenter-command.js";
import type { RequestQueue } from "./session/request-queue.js";
import type { Snapshots } from "./session/snapshots.js";

const { ENOENT, ENODEV, EINVAL } = constants.errno;

/** Queues the entry, in the place of another for the same MAC address. */
export function ensureTunnelEntry(queue: RequestQueue, resource: ForwardingEntry): void {
  const { netns, via } = resource;
  const entry = entryOf(
    resource,
    queue.indexOf(netns, resource.link),
    via === undefined ? via : queue.indexOf(netns, via),
  );
  queue.add({ ...aboutEntry("add tunnel entry", resource), encode: (batch) => encodeNewTunnelEntry(batch, entry) });
}

/**
 * Queues the removal of exactly these entries; one that is gone, with its tunnel or without, counts as removed. From the bridge's
 * table goes only what goes from the tunnel's: the address may be at another host by now. The kernel says only of a request to read
 * whether there is such an entry.
 */
export function removeTunnelEntries(queue: RequestQueue, resources: readonly ForwardingEntry[]): void {
  const placed = resources.flatMap((resource) => {
    const { netns, via: name } = resource;
    const link = queue.findIndex(netns, resource.link);
    const via = name === undefined ? undefined : queue.findIndex(netns, name);
    // With the link that it leads by, the tunnel has gone.
    if (link === undefined || (name !== undefined && via === undefined)) return [];
    return [{ resource, entry: entryOf(resource, link, via) }];
  });
  const bridged = placed.filter(({ entry }) => entry.bridged);
  for (const { resource, entry } of bridged) {
    const encode: Encode = (batch) => encodeGetTunnelEntry(batch, entry);
    queue.add({ ...aboutEntry("look up tunnel entry", resource), encode, reads: true, refused: () => true });
  }
  const netnses = new Set(bridged.map(({ resource }) => resource.netns));
  const known = new Set([...netnses].flatMap((netns) => queue.flush(netns).flatMap(decodeTunnelEntry).map(keyOf)));
  for (const { resource, entry } of placed) {
    remove(queue, resource, (batch) => encodeDeleteTunnelEntry(batch, entry));
    if (entry.bridged && known.has(keyOf(entry)))
      remove(queue, resource, (batch) => encodeDeleteBridgeEntry(batch, entry));
  }
}

type Encode = (batch: MessageBatch) => void;

function remove(queue: RequestQueue, resource: ForwardingEntry, encode: Encode): void {
  // EINVAL: the tunnel is a port no longer.
  const refused = ({ errno }: { readonly errno: number }): boolean => [ENOENT, ENODEV, EINVAL].includes(errno);
  queue.add({ ...aboutEntry("remove tunnel entry", resource), encode, refused });
}

function aboutEntry(operation: string, { netns, mac, remote, link }: ForwardingEntry) {
  return { operation, object: `${mac} at ${remote} of ${link}`, netns };
}

function keyOf({ link, mac, remote, via }: Pick<TunnelEntryState, "link" | "mac" | "remote" | "via">): string {
  return `${link} ${mac} ${remote?.toString("hex")} ${via}`;
}

export function inspectTunnelEntry(snapshots: Snapshots, resource: ForwardingEntry): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const link = snapshot?.link(resource.link);
  if (snapshot === undefined || link === undefined) return { resource, problem: "missing" };
  const { mac, remote, bridged } = entryOf(resource, link.index);
  const via = resource.via === undefined ? undefined : snapshot.link(resource.via)?.index;
  const found = snapshot.tunnelEntries(link.index, mac);
  const ways = found.flatMap((entry) =>
    entry.master || entry.remote === undefined ? [] : { to: entry.remote, by: entry.via },
  );
  const [other] = ways;
  const way = ways.find(({ to }) => to.equals(remote));
  if (way === undefined) {
    return other === undefined || isFlood(resource)
      ? { resource, problem: "missing" }
      : { resource, problem: "different", found: `at ${formatAddress(other.to)}` };
  }
  if (way.by !== via)
    return {
      resource,
      problem: "different",
      found: `by ${way.by === undefined ? "any link" : (snapshot.linkName(way.by) ?? "a link that is gone")}`,
    };
  const isBridged = found.some(({ master }) => master);
  return bridged && !isBridged
    ? { resource, problem: "different", found: `unknown to the bridge of ${resource.link}` }
    : undefined;
}

export function describeTunnelEntry(verb: "ensure" | "remove", resource: ForwardingEntry): readonly string[] {
  const { netns, link, mac, remote, via, bridged } = resource;
  const to = `dst ${remote}${via === undefined ? "" : ` via ${via}`}`;
  const inBoth = bridged && !isFlood(resource);
  const how = inBoth ? "self master dynamic extern_learn" : "self permanent";
  const words =
    verb === "ensure"
      ? [`${isFlood(resource) ? "append" : "replace"} ${mac} dev ${link} ${to} ${how}`]
      : [`delete ${mac} dev ${link} ${to} self`, ...(inBoth ? [`delete ${mac} dev ${link} master`] : [])];
  return words.map((one) => nsenterCommand(netns, `bridge fdb ${one}`));
}

/** What is flooded is no matter of the bridge's table. */
function entryOf({ mac, remote, bridged = false }: ForwardingEntry, link: number, via?: number): TunnelEntry {
  return {
    ...{ link, mac, remote: parseAddress(remote), bridged: bridged && !isFlood({ mac }) },
    ...(via === undefined ? {} : { via }),
  };
}
