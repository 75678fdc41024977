import { constants } from "node:os";
import { TsdError } from "../../../errors/tsd-error.js";
import { kernelError } from "../../errno.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkFailure } from "../../netlink/netlink-socket.js";
import { decodeLinkIndex, encodeGetLink } from "../messages/link.js";
import { linkKey } from "./link-key.js";
import type { Namespaces } from "./namespaces.js";

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
}

/** A send has so many at most: the kernel may refuse each, and what it says is kept until the send is over. */
const MOST_REQUESTS = 1024;

/**
 * Messages that wait for the next flush of their namespace, where they travel in few sends and in order. Between
 * namespaces the order is not kept: a request that another namespace depends on must be flushed.
 */
export class RequestQueue {
  private readonly pending = new Map<string | undefined, Request[]>();
  private readonly indexes = new Map<string, number>();

  constructor(private readonly namespaces: Namespaces) {}

  add(request: Request): void {
    const pending = this.pending.get(request.netns);
    if (pending === undefined) this.pending.set(request.netns, [request]);
    else pending.push(request);
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
    this.add({
      operation: "look up link",
      object: link,
      netns,
      reads: true,
      encode: (batch) => encodeGetLink(batch, link),
      refused: ({ errno }) => errno === constants.errno.ENODEV,
    });
    const answer = this.flush(netns).at(-1);
    const index = answer === undefined ? undefined : decodeLinkIndex(answer);
    if (index !== undefined) this.learnIndex(netns, link, index);
    return index;
  }

  /** Saves the request if another reply has given the index already. */
  learnIndex(netns: string | undefined, link: string, index: number): void {
    this.indexes.set(linkKey(netns, link), index);
  }

  /** Sends what waits for one namespace, and returns the kernel's replies. Throws for the first refusal that stands. */
  flush(netns: string | undefined): readonly NetlinkMessage[] {
    const pending = this.pending.get(netns) ?? [];
    this.pending.delete(netns);
    const replies: NetlinkMessage[] = [];
    for (let at = 0; at < pending.length; at += MOST_REQUESTS) {
      replies.push(...this.send(netns, pending.slice(at, at + MOST_REQUESTS)));
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

  private send(netns: string | undefined, requests: readonly Request[]): readonly NetlinkMessage[] {
    const batch = new MessageBatch();
    for (const { encode } of requests) encode(batch);
    const { replies, failures } = this.namespaces.at(netns).exchange(batch, {
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
