import { datagramExchange } from "./datagram-exchange.js";
import { Inquiry, type Means } from "./inquiry.js";
import type { ReceivedReply } from "./received-reply.js";
import { type KeptReply, ReplyCache } from "./reply-cache.js";
import { serverAddress } from "./server-address.js";
import { ServerHealth } from "./server-health.js";
import { streamExchange } from "./stream-exchange.js";
import type { UpstreamQuery } from "./upstream-query.js";

export type Transport = "udp" | "tcp";

/** A question in flight. */
interface Flight {
  readonly reply: Promise<ReceivedReply | undefined>;
  readonly giveUp: () => void;
}

/**
 * Asks other name servers, from the namespace of this process. It keeps replies, and asks a question that is in flight once:
 * also because a second one in flight would double an impostor's chance (RFC 5452 §5).
 */
export class Forwarder {
  readonly #cache: ReplyCache;
  readonly #flights = new Map<string, Flight>();
  readonly #means: Readonly<Record<Transport, Means>>;

  /** `now` is a clock in milliseconds that never goes back. */
  constructor(now: () => number) {
    this.#cache = new ReplyCache(now);
    this.#means = {
      udp: { exchange: datagramExchange, repeats: true, health: new ServerHealth(now), now },
      tcp: { exchange: streamExchange, repeats: false, health: new ServerHealth(now), now },
    };
  }

  /** What was kept of a question to these servers. */
  kept(query: UpstreamQuery): KeptReply | undefined {
    return this.#cache.get(query.key);
  }

  /**
   * Asks by the transport by which the question came: only so a client gets what has no room in a datagram. Undefined if no
   * server replied.
   */
  ask(query: UpstreamQuery, transport: Transport, servers: readonly string[]): Promise<ReceivedReply | undefined> {
    const key = `${transport} ${query.key}`;
    const known = this.#flights.get(key);
    if (known !== undefined) return known.reply;
    const addresses = servers.map(serverAddress).filter((address) => address !== undefined);
    const { promise, resolve } = Promise.withResolvers<ReceivedReply | undefined>();
    const inquiry = new Inquiry(query, addresses, this.#means[transport], (reply) => {
      this.#flights.delete(key);
      if (reply !== undefined) this.#cache.put(query.key, reply);
      resolve(reply);
    });
    this.#flights.set(key, { reply: promise, giveUp: () => inquiry.end() });
    return promise;
  }

  /** Gives up all questions in flight. */
  stop(): void {
    for (const { giveUp } of this.#flights.values()) giveUp();
  }
}
