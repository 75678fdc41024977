import type { Asked, NameView } from "../../contracts/index.js";
import * as codes from "../message/codes.js";
import { type Query, readQuery } from "../message/query.js";
import { type ReplyContent, udpLimit, writeFailure, writeReply } from "../message/reply.js";
import { OwnNames } from "../own/own-names.js";
import type { Forwarder, Transport } from "../upstream/forwarder.js";
import { type Passing, passedReply } from "../upstream/passed-reply.js";
import type { ReceivedReply } from "../upstream/received-reply.js";
import { upstreamQuery } from "../upstream/upstream-query.js";
import type { LoadBounds } from "./load-bounds.js";

/** What a message gets; undefined if it gets no reply. */
export type Reply = Buffer | undefined;

/** Replies to a message of one namespace; see {@link Responder.respond}. */
export type Respond = (message: Buffer) => Reply | Promise<Reply>;

/** Where a message came from. */
export interface Asker {
  readonly netns: string;
  readonly transport: Transport;
  /** What names mean there; undefined once nothing is to be said there. */
  readonly view: () => NameView | undefined;
}

/** A query for other servers. */
interface Forwarding {
  readonly query: Query;
  /** Octets that the reply may have. */
  readonly limit: number;
  readonly servers: readonly string[];
}

/**
 * What is not tsd's to say where no other server may be asked. Not SERVFAIL, which docker replies with: musl takes it for no
 * reply and waits 5 s, and glibc does not try the next search domain.
 */
const NOWHERE: ReplyContent = { code: codes.NXDOMAIN, authoritative: false, records: [] };

/** Times that other hosts are asked for one query: what one of them said may be too old once the last one has replied. */
const MOST_ASKED = 2;

/** A zone's transfer is many messages, and what tsd keeps of a client is bounded by one for one. */
const TRANSFERS: ReadonlySet<number> = new Set([codes.TYPE_AXFR, codes.TYPE_IXFR]);

/** Replies to one message after the other, whatever is in it. */
export class Responder {
  readonly #ownNames = new OwnNames();
  readonly #forwarder: Forwarder;
  readonly #bounds: LoadBounds;

  constructor(forwarder: Forwarder, bounds: LoadBounds) {
    this.#forwarder = forwarder;
    this.#bounds = bounds;
  }

  /** A promise only if other servers have to be asked. Neither throws nor rejects. */
  respond(message: Buffer, asker: Asker): Reply | Promise<Reply> {
    const query = readQuery(message);
    if (query === undefined) return undefined;
    if (query.fault !== codes.NOERROR) return writeFailure(query, query.fault);
    if (TRANSFERS.has(query.type)) return writeFailure(query, codes.REFUSED);
    try {
      return this.#respondTo(query, asker);
    } catch {
      // The store cannot be read just now. The process is there for other containers too, and this one can ask again.
      return writeFailure(query, codes.SERVFAIL);
    }
  }

  /** `asked`: how often other hosts were asked for what it is about. */
  #respondTo(query: Query, asker: Asker, asked = 0): Reply | Promise<Reply> {
    const view = asker.view();
    if (view === undefined) return undefined;
    const limit = asker.transport === "tcp" ? codes.LARGEST_MESSAGE : udpLimit(query);
    const own = this.#ownNames.reply(query, view, limit);
    if (own instanceof Promise) return this.#afterwards(own, query, { asker, asked });
    if (own !== undefined) return own;
    const servers = view.upstream();
    if (servers.length > 0) return this.#forward({ query, limit, servers }, asker);
    const searched = this.#ownNames.replyInSearch(query, view, limit);
    if (searched instanceof Promise) return this.#afterwards(searched, query, { asker, asked });
    return searched ?? writeReply(query, NOWHERE, limit);
  }

  /** Not NXDOMAIN where other hosts cannot be asked: a name that may be there is not denied. */
  #afterwards(
    waiting: Asked,
    query: Query,
    { asker, asked }: { readonly asker: Asker; readonly asked: number },
  ): Reply | Promise<Reply> {
    const { netns, transport } = asker;
    // What was found has made room for another's already, each time.
    if (asked === MOST_ASKED) return writeFailure(query, codes.SERVFAIL);
    if (!this.#bounds.enter(netns)) return overBound(query, transport);
    return waiting
      .finally(() => this.#bounds.leave(netns))
      .then(() => this.#respondTo(query, asker, asked + 1))
      .catch(() => writeFailure(query, codes.SERVFAIL));
  }

  #forward({ query, limit, servers }: Forwarding, asker: Asker): Reply | Promise<Reply> {
    const { netns, transport } = asker;
    const asked = upstreamQuery(query, servers);
    const kept = this.#forwarder.kept(asked);
    if (kept !== undefined) return this.#pass(kept.received, { query, limit, age: kept.age }, asker);
    if (!this.#bounds.enter(netns)) return overBound(query, transport);
    return this.#forwarder.ask(asked, transport, servers).then((received) => {
      this.#bounds.leave(netns);
      return received === undefined
        ? writeFailure(query, codes.SERVFAIL)
        : this.#pass(received, { query, limit }, asker);
    });
  }

  /** What another server said, unless it knows no name that tsd knows. That stands as well where other hosts cannot be asked. */
  #pass(received: ReceivedReply, passing: Passing, asker: Asker): Reply | Promise<Reply> {
    const own = received.code === codes.NXDOMAIN ? this.#replyInSearch(passing, asker) : undefined;
    if (!(own instanceof Promise)) return own ?? passedReply(received, passing);
    return own.then(
      () => {
        const again = this.#replyInSearch(passing, asker);
        return again instanceof Promise ? passedReply(received, passing) : (again ?? passedReply(received, passing));
      },
      () => passedReply(received, passing),
    );
  }

  #replyInSearch({ query, limit }: Passing, asker: Asker): Reply | Asked {
    try {
      const view = asker.view();
      return view && this.#ownNames.replyInSearch(query, view, limit);
    } catch {
      return undefined;
    }
  }
}

/**
 * A datagram is dropped: its client asks again in some seconds, when there may be room, and takes a refusal for final. On a
 * connection clients wait for each reply.
 */
function overBound(query: Query, transport: Transport): Reply {
  return transport === "tcp" ? writeFailure(query, codes.REFUSED) : undefined;
}
