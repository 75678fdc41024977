import { TsdError } from "../../../errors/tsd-error.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import { type AddressState, listAddresses } from "../messages/address.js";
import type { IpPrefix } from "../messages/ip-prefix.js";
import { type LinkState, listLinks } from "../messages/link.js";
import { listRoutes, type RouteState } from "../messages/route.js";
import type { Namespaces } from "./namespaces.js";

/** What one namespace held when it was first asked, each list read at most once. */
export interface Snapshot {
  link(name: string): LinkState | undefined;
  linkName(index: number): string | undefined;
  /** What the kernel replies to requests that only read; refusals are left out. */
  replies(what: string, ask: (batch: MessageBatch) => void): readonly NetlinkMessage[];
  addresses(): readonly AddressState[];
  routes(family: IpPrefix["family"]): readonly RouteState[];
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
  const routes = new Map<number, readonly RouteState[]>();
  return {
    link: (name) => byName().get(name),
    linkName: (index) => byIndex().get(index),
    replies(what, ask) {
      const batch = new MessageBatch();
      ask(batch);
      return socket().exchange(batch, { what: () => `look up ${what}`, reads: true }).replies;
    },
    addresses,
    routes(family) {
      const known = routes.get(family) ?? listRoutes(socket(), family);
      routes.set(family, known);
      return known;
    },
  };
}

function once<T>(read: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => {
    answer ??= { value: read() };
    return answer.value;
  };
}
