import { constants } from "node:os";
import type { Drift } from "../../api/provider.js";
import type { Neighbour } from "../../api/resource.js";
import { parseAddress } from "./messages/ip-prefix.js";
import {
  decodeNeighbour,
  encodeDeleteNeighbour,
  encodeGetNeighbour,
  encodeNewNeighbour,
} from "./messages/neighbour-entry.js";
import { RTPROT_TSD } from "./messages/protocol.js";
import { nsenterCommand } from "./session/nsenter-command.js";
import type { RequestQueue } from "./session/request-queue.js";
import type { Snapshots } from "./session/snapshots.js";

/** Queues the neighbour, in the place of whatever the kernel knows of the address behind that link. */
export function ensureNeighbour(queue: RequestQueue, resource: Neighbour): void {
  const { netns, link, address, mac } = resource;
  const entry = { link: queue.indexOf(netns, link), address: parseAddress(address), mac };
  queue.add({
    operation: "add neighbour",
    object: objectOf(resource),
    netns,
    encode: (batch) => encodeNewNeighbour(batch, entry),
  });
}

/**
 * Queues the removal of the neighbours that tsd made and that have those MAC addresses; one that is gone, with its link or without,
 * counts as removed. The kernel says who made one since Linux 5.0; before, they go with their links.
 */
export function removeNeighbours(queue: RequestQueue, neighbours: readonly Neighbour[]): void {
  for (const [netns, those] of Map.groupBy(neighbours, (neighbour) => neighbour.netns)) {
    const placed = those.flatMap((resource) => {
      const link = queue.findIndex(netns, resource.link);
      return link === undefined ? [] : [{ resource, link, address: parseAddress(resource.address) }];
    });
    const present = lookUp(queue, netns, placed);
    for (const entry of placed) {
      if (present.get(keyOf(entry)) === entry.resource.mac) removeNeighbour(queue, entry);
    }
  }
}

interface Placed {
  readonly resource: Neighbour;
  /** Index. */
  readonly link: number;
  readonly address: Buffer;
}

/** MAC addresses of those that tsd made, whatever they are. */
function lookUp(
  queue: RequestQueue,
  netns: string | undefined,
  neighbours: readonly Placed[],
): ReadonlyMap<string, string | undefined> {
  for (const { link, address, resource } of neighbours) {
    queue.add({
      operation: "look up neighbour",
      object: objectOf(resource),
      netns,
      reads: true,
      encode: (batch) => encodeGetNeighbour(batch, link, address),
      refused: () => true,
    });
  }
  const found = queue.flush(netns).flatMap((reply) => decodeNeighbour(reply) ?? []);
  return new Map(found.flatMap((state) => (state.own ? [[keyOf(state), state.mac]] : [])));
}

function removeNeighbour(queue: RequestQueue, { resource, link, address }: Placed): void {
  queue.add({
    operation: "remove neighbour",
    object: objectOf(resource),
    netns: resource.netns,
    encode: (batch) => encodeDeleteNeighbour(batch, link, address),
    refused: ({ errno }) => errno === constants.errno.ENOENT || errno === constants.errno.ENODEV,
  });
}

function keyOf({ link, address }: Pick<Placed, "link" | "address">): string {
  return `${link} ${address.toString("hex")}`;
}

function objectOf({ address, link }: Neighbour): string {
  return `${address} of ${link}`;
}

export function inspectNeighbour(snapshots: Snapshots, resource: Neighbour): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const link = snapshot?.link(resource.link);
  const found = link && snapshot?.neighbour(link.index, parseAddress(resource.address));
  if (found === undefined) return { resource, problem: "missing" };
  if (found.mac === resource.mac && found.permanent) return undefined;
  return {
    resource,
    problem: "different",
    found: `${found.mac ?? "unknown"}${found.permanent ? "" : ", not for good"}`,
  };
}

export function describeNeighbour(verb: "ensure" | "remove", { netns, link, address, mac }: Neighbour): string {
  const words =
    verb === "ensure"
      ? `replace ${address} lladdr ${mac} dev ${link} nud permanent protocol ${RTPROT_TSD}`
      : `delete ${address} dev ${link}`;
  return nsenterCommand(netns, `ip neighbour ${words}`);
}
