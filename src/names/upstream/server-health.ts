import type { ServerAddress } from "./server-address.js";

/** For so long a server that was silent is asked after the others. */
const SUSPECT_MS = 30_000;
/** Servers that are remembered. */
const MOST = 256;

interface Heard {
  readonly last: number;
  readonly suspectUntil: number;
}

/** Remembers which servers were silent, so that not each query has to wait for them again. */
export class ServerHealth {
  readonly #now: () => number;
  readonly #servers = new Map<string, Heard>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The servers in the order in which to ask them: theirs, but those that were silent come last. */
  order(servers: readonly ServerAddress[]): readonly ServerAddress[] {
    const now = this.#now();
    const isSuspect = (server: ServerAddress): boolean => (this.#servers.get(keyOf(server))?.suspectUntil ?? 0) > now;
    return [...servers.filter((server) => !isSuspect(server)), ...servers.filter(isSuspect)];
  }

  replied(server: ServerAddress): void {
    this.#note(server, { last: this.#now(), suspectUntil: 0 });
  }

  /** It has not replied to what it was asked at `asked`. One that replied to others since then is only slow with this name. */
  silent(server: ServerAddress, asked: number): void {
    const last = this.#servers.get(keyOf(server))?.last ?? Number.NEGATIVE_INFINITY;
    if (last < asked) this.#note(server, { last, suspectUntil: this.#now() + SUSPECT_MS });
  }

  #note(server: ServerAddress, heard: Heard): void {
    if (this.#servers.size >= MOST) this.#servers.clear();
    this.#servers.set(keyOf(server), heard);
  }
}

const keyOf = ({ host, port }: ServerAddress): string => `${host}#${port}`;
