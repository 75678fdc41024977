import { TsdError } from "../../../errors/tsd-error.js";
import { kernelError } from "../../errno.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkFailure } from "../../netlink/netlink-socket.js";
import { linkKey } from "./link-key.js";
import type { Errand, Namespaces } from "./namespaces.js";

/** One message and the words for its failure. */
export interface Request {
  /** Imperative words: `create link`. */
  readonly operation: string;
  readonly object: string;
  readonly netns: string | undefined;
  readonly encode: (batch: MessageBatch) => void;
  /** Looks into a refusal; true where it turns out to be none. Otherwise it becomes a `kernel` error. */
  readonly refused?: (failure: NetlinkFailure) => boolean;
  /** It only asks. */
  readonly reads?: boolean;
  /** No errand depends on it. */
  readonly isLate?: boolean;
}

/** A send has so many at most: the kernel may refuse each, and what it says is kept until the send is over. */
const MOST_REQUESTS = 1024;

interface Pending {
  readonly requests: Request[];
  readonly errands: Errand[];
}

/**
 * Messages that wait for the next flush of their namespace, where they travel in few sends and in order. Between
 * namespaces the order is not kept: a request that another namespace depends on must be flushed.
 */
export class RequestQueue {
  private readonly pending = new Map<string | undefined, Pending>();
  private readonly indexes = new Map<string, number>();

  constructor(private readonly namespaces: Namespaces) {}

  add(request: Request): void {
    this.pendingOf(request.netns).requests.push(request);
  }

  /** Has `errand` done once the requests before it are, except late ones, and before those that follow. */
  do(netns: string | undefined, errand: Errand): void {
    if (this.pending.get(netns)?.requests.some(({ isLate }) => !isLate)) this.flush(netns);
    if (netns === undefined) errand();
    else this.pendingOf(netns).errands.push(errand);
  }

  private pendingOf(netns: string | undefined): Pending {
    const pending = this.pending.get(netns) ?? { requests: [], errands: [] };
    this.pending.set(netns, pending);
    return pending;
  }

  /** The index of a link, which requests still queued may be about to make. Throws `not-found`. */
  indexOf(netns: string | undefined, link: string): number {
    const index = this.findIndex(netns, link);
    if (index !== undefined) return index;
    throw new TsdError({
      kind: "not-found",
      code: "TSD_LINK_MISSING",
      message: `there is no link ${link}${netns === undefined ? "" : ` in ${netns}`}`,
      details: { link, netns },
    });
  }

  findIndex(netns: string | undefined, link: string): number | undefined {
    const known = this.indexes.get(linkKey(netns, link));
    if (known !== undefined) return known;
    this.flush(netns);
    const index = this.namespaces.at(netns).linkIndex(link);
    if (index !== undefined) this.learnIndex(netns, link, index);
    return index;
  }

  /** Saves the request if another reply has given the index already. */
  learnIndex(netns: string | undefined, link: string, index: number): void {
    this.indexes.set(linkKey(netns, link), index);
  }

  /** Sends what waits for one namespace, and returns the kernel's replies. Throws for the first refusal that stands. */
  flush(netns: string | undefined): readonly NetlinkMessage[] {
    const pending = this.pending.get(netns);
    if (pending === undefined) return [];
    this.pending.delete(netns);
    const { requests, errands } = pending;
    const replies: NetlinkMessage[] = [];
    for (let at = 0; at === 0 || at < requests.length; at += MOST_REQUESTS) {
      const visited = at === 0 ? errands : [];
      replies.push(...this.send(netns, requests.slice(at, at + MOST_REQUESTS), visited));
    }
    return replies;
  }

  /** Sends everything, also what looking into refusals has added. */
  flushAll(): void {
    for (;;) {
      const next = this.pending.keys().next();
      if (next.done) return;
      this.flush(next.value);
    }
  }

  private send(
    netns: string | undefined,
    requests: readonly Request[],
    errands: readonly Errand[],
  ): readonly NetlinkMessage[] {
    const batch = new MessageBatch();
    for (const { encode } of requests) encode(batch);
    const { replies, failures } = this.namespaces.at(netns, errands).exchange(batch, {
      what: () => words(requests),
      reads: requests.every(({ reads }) => reads),
    });
    for (const failure of failures) {
      const request = requests[failure.index];
      if (request === undefined || request.refused?.(failure)) continue;
      throw kernelError({ operation: request.operation, object: request.object, ...failure });
    }
    return replies;
  }
}

function words(requests: readonly Request[]): string {
  const [first] = requests;
  const place = first?.netns === undefined ? "" : ` in ${first.netns}`;
  return `${requests.map(({ operation, object }) => `${operation} ${object}`).join("; ")}${place}`;
}
