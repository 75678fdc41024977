/** Questions to other servers that one namespace may have in flight, and those that it may have however many others have. */
const MOST_OF_ONE = 64;
const ALWAYS_OF_ONE = 8;
/** Questions of all namespaces together, above which each has what it always may. */
const MOST = 512;

/**
 * How many questions wait for other servers, by namespace. Each costs sockets and memory for as long as a server is silent, so
 * one container's flood must neither grow them without end nor leave others without.
 */
export class LoadBounds {
  readonly #waiting = new Map<string, number>();
  #all = 0;

  /** Counts a question; false, and nothing is counted, if the namespace has too many. */
  enter(netns: string): boolean {
    const own = this.#waiting.get(netns) ?? 0;
    if (own >= (this.#all < MOST ? MOST_OF_ONE : ALWAYS_OF_ONE)) return false;
    this.#waiting.set(netns, own + 1);
    this.#all += 1;
    return true;
  }

  leave(netns: string): void {
    const own = (this.#waiting.get(netns) ?? 0) - 1;
    if (own > 0) this.#waiting.set(netns, own);
    else this.#waiting.delete(netns);
    this.#all -= 1;
  }
}
