import { lifetimeOf, type ReceivedReply } from "./received-reply.js";

/** Entries and octets of messages that are kept at most. */
const MOST_ENTRIES = 2000;
const MOST_OCTETS = 2_000_000;
/** A larger message would push out many small ones. */
const LARGEST = 16_384;
/** Seconds after which a server is asked again even if the reply is true for longer. */
const LONGEST = 600;

/** A reply that was kept. */
export interface KeptReply {
  readonly received: ReceivedReply;
  /** Whole seconds since it came. */
  readonly age: number;
}

interface Entry {
  readonly received: ReceivedReply;
  readonly came: number;
  readonly seconds: number;
}

/** Replies of other servers for as long as they are true. What was not asked for the longest time makes room. */
export class ReplyCache {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  #octets = 0;

  /** `now` is a clock in milliseconds that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): KeptReply | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const age = Math.floor((this.#now() - entry.came) / 1000);
    this.#drop(key, entry);
    if (age >= entry.seconds) return undefined;
    this.#add(key, entry);
    return { received: entry.received, age };
  }

  put(key: string, received: ReceivedReply): void {
    const old = this.#entries.get(key);
    if (old !== undefined) this.#drop(key, old);
    const seconds = Math.min(lifetimeOf(received), LONGEST);
    if (seconds === 0 || received.message.length > LARGEST) return;
    this.#add(key, { received: { ...received, message: alone(received.message) }, came: this.#now(), seconds });
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= MOST_ENTRIES && this.#octets <= MOST_OCTETS) break;
      this.#drop(oldest, entry);
    }
  }

  #add(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#octets += entry.received.message.length;
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#octets -= entry.received.message.length;
  }
}

/** A copy: what came may be part of something larger, all of which would stay in memory. */
function alone(message: Buffer): Buffer {
  const copy = Buffer.alloc(message.length);
  message.copy(copy);
  return copy;
}
