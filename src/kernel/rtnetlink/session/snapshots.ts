import { TsdError } from "../../../errors/tsd-error.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import { type AddressState, listAddresses } from "../messages/address.js";
import type { IpPrefix } from "../messages/ip-prefix.js";
import { type LinkState, listLinks } from "../messages/link.js";
import { listNeighbours, type NeighbourState } from "../messages/neighbour-entry.js";
import { listRoutes, type RouteState } from "../messages/route.js";
import { listTunnelEntries, type TunnelEntryState } from "../messages/tunnel-entry.js";
import type { Namespaces } from "./namespaces.js";

/** What one namespace held when it was first asked, each list read at most once. */
export interface Snapshot {
  link(name: string): LinkState | undefined;
  linkName(index: number): string | undefined;
  /** What the kernel replies to requests that only read; refusals are left out. */
  replies(what: string, ask: (batch: MessageBatch) => void): readonly NetlinkMessage[];
  addresses(): readonly AddressState[];
  /** Of exactly this destination. */
  routesTo(destination: IpPrefix): readonly RouteState[];
  /** Undefined where the kernel knows none of that address there. */
  neighbour(link: number, address: Buffer): NeighbourState | undefined;
  /** What a tunnel and its bridge know of a MAC address. */
  tunnelEntries(link: number, mac: string): readonly TunnelEntryState[];
}

/** The snapshots of one call. */
export class Snapshots {
  private readonly taken = new Map<string, Snapshot | undefined>();

  constructor(private readonly namespaces: Namespaces) {}

  /** Undefined where the namespace does not exist. */
  at(netns: string | undefined): Snapshot | undefined {
    const key = netns ?? "";
    if (!this.taken.has(key)) this.taken.set(key, this.take(netns));
    return this.taken.get(key);
  }

  private take(netns: string | undefined): Snapshot | undefined {
    try {
      return snapshot(this.namespaces, netns);
    } catch (error) {
      if (TsdError.is(error, "not-found") || TsdError.is(error, "invalid-input")) return undefined;
      throw error;
    }
  }
}

function snapshot(namespaces: Namespaces, netns: string | undefined): Snapshot {
  const socket = () => namespaces.at(netns);
  socket();
  const links = once(() => listLinks(socket()));
  const byName = once(() => new Map(links().map((link) => [link.name, link])));
  const byIndex = once(() => new Map(links().map((link) => [link.index, link.name])));
  const addresses = once(() => listAddresses(socket()));
  const routes = table(
    (family: IpPrefix["family"]) => listRoutes(socket(), family),
    ({ destination }) => keyOf(destination),
  );
  const neighbours = table(
    (link: number) => listNeighbours(socket(), link),
    ({ address }) => address.toString("hex"),
  );
  const entries = table(
    (link: number) => listTunnelEntries(socket(), link),
    ({ mac }) => mac,
  );
  return {
    link: (name) => byName().get(name),
    linkName: (index) => byIndex().get(index),
    replies(what, ask) {
      const batch = new MessageBatch();
      ask(batch);
      return socket().exchange(batch, { what: () => `look up ${what}`, reads: true }).replies;
    },
    addresses,
    routesTo: (destination) => routes(destination.family, keyOf(destination)),
    neighbour: (link, address) => neighbours(link, address.toString("hex"))[0],
    tunnelEntries: (link, mac) => entries(link, mac),
  };
}

function once<T>(read: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => {
    answer ??= { value: read() };
    return answer.value;
  };
}

function keyOf({ bytes, length }: IpPrefix): string {
  return `${bytes.toString("hex")}/${length}`;
}

/** What lists of the kernel's hold under a key, each list read at most once. */
function table<P, T>(
  read: (part: P) => readonly T[],
  key: (item: T) => string,
): (part: P, wanted: string) => readonly T[] {
  const lists = new Map<P, Map<string, T[]>>();
  return (part, wanted) => {
    const list = lists.get(part) ?? Map.groupBy(read(part), key);
    lists.set(part, list);
    return list.get(wanted) ?? [];
  };
}
