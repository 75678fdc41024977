import * as codes from "../message/codes.js";
import type { Exchange } from "./exchange.js";
import type { ReceivedReply } from "./received-reply.js";
import type { ServerAddress } from "./server-address.js";
import type { ServerHealth } from "./server-health.js";
import type { UpstreamQuery } from "./upstream-query.js";

/** Milliseconds after which the next server is asked beside those that were; longer before one is asked again. */
const NEXT_MS = 800;
const AGAIN_MS = 1600;
/** Milliseconds for all servers together: clients (glibc, musl, dig) wait 5 s. */
const LONGEST_MS = 4000;
/** Servers of a list that are asked; glibc and docker take three. */
const MOST_SERVERS = 5;

/** Other servers may know more than one that replies so. */
const UNHELPFUL: ReadonlySet<number> = new Set([codes.SERVFAIL, codes.NOTIMP, codes.REFUSED]);

/** How servers are asked, and what is known of them. */
export interface Means {
  readonly exchange: Exchange;
  /** A lost datagram is sent again. */
  readonly repeats: boolean;
  readonly health: ServerHealth;
  readonly now: () => number;
}

/** A server that was asked and has not replied yet. */
interface Attempt {
  readonly server: ServerAddress;
  readonly began: number;
  giveUp: () => void;
}

/**
 * One question to the servers of a list, until one replies. A silent server delays the others, and stays asked beside them: the
 * first reply counts.
 */
export class Inquiry {
  readonly #query: UpstreamQuery;
  readonly #servers: readonly ServerAddress[];
  readonly #means: Means;
  readonly #done: (reply: ReceivedReply | undefined) => void;
  readonly #open = new Set<Attempt>();
  readonly #deadline: NodeJS.Timeout;
  #next: NodeJS.Timeout | undefined;
  #asked = 0;
  #unhelpful: ReceivedReply | undefined;

  /** `done` is called once: with undefined if no server replied. */
  constructor(
    query: UpstreamQuery,
    servers: readonly ServerAddress[],
    means: Means,
    done: (reply: ReceivedReply | undefined) => void,
  ) {
    this.#query = query;
    this.#means = means;
    this.#servers = means.health.order(servers).slice(0, MOST_SERVERS);
    this.#done = done;
    this.#deadline = setTimeout(() => this.end(), this.#servers.length > 0 ? LONGEST_MS : 0);
    if (this.#servers.length > 0) this.#askNext();
  }

  /** Gives up, with what was said so far. */
  end(reply = this.#unhelpful): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#next);
    for (const { server, began, giveUp } of this.#open) {
      giveUp();
      if (this.#means.now() - began >= NEXT_MS) this.#means.health.silent(server, began);
    }
    this.#open.clear();
    this.#done(reply);
  }

  #askNext(): void {
    clearTimeout(this.#next);
    const server = this.#servers[this.#asked % this.#servers.length] as ServerAddress;
    this.#asked += 1;
    const attempt: Attempt = { server, began: this.#means.now(), giveUp: () => undefined };
    this.#open.add(attempt);
    // A socket may fail before it is returned, or not be had at all.
    const failed = () => setImmediate(() => this.#heard(attempt, undefined));
    const heard = (reply: ReceivedReply | undefined) => (reply === undefined ? failed() : this.#heard(attempt, reply));
    try {
      attempt.giveUp = this.#means.exchange(server, this.#query, heard);
    } catch {
      failed();
    }
    const hasMore = this.#asked < this.#servers.length;
    if (hasMore || this.#means.repeats) this.#next = setTimeout(() => this.#askNext(), hasMore ? NEXT_MS : AGAIN_MS);
  }

  #heard(attempt: Attempt, reply: ReceivedReply | undefined): void {
    if (!this.#open.delete(attempt)) return;
    const { server, began } = attempt;
    if (reply === undefined) this.#means.health.silent(server, began);
    else this.#means.health.replied(server);
    if (reply !== undefined && !UNHELPFUL.has(reply.code)) this.end(reply);
    else {
      this.#unhelpful ??= reply;
      if (this.#asked < this.#servers.length) this.#askNext();
      else if (this.#open.size === 0) this.end();
    }
  }
}
