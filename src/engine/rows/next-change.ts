import type { Store } from "../../contracts/index.js";

/** Milliseconds between two looks whether anything was written. */
const LOOK = 10;

type Watched = Pick<Store, "revision">;

interface Waiter {
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  wake(): void;
}

/** One for each store, while somebody waits for it. */
const watches = new WeakMap<Watched, Watch>();

interface WaitBounds {
  /** The store's revision before the caller looked at it. */
  readonly since: number;
  /** Milliseconds after which it returns all the same; by default it does not. */
  readonly patience?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns once any process has written to the store. Many that wait cost as one: they share a timer and a look. Throws the reason of the
 * signal where that is aborted.
 */
export async function nextChange(
  store: Watched,
  { since, patience = Number.POSITIVE_INFINITY, signal }: WaitBounds,
): Promise<void> {
  signal?.throwIfAborted();
  if (store.revision() !== since) return;
  const watch = watches.get(store) ?? new Watch(store, since);
  watches.set(store, watch);
  await watch.change(patience, signal);
  signal?.throwIfAborted();
}

class Watch {
  private waiters: Waiter[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Watched,
    private seen: number,
  ) {}

  change(patience: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.push({ deadline: Date.now() + patience, signal, wake: resolve });
      this.timer ??= setInterval(() => this.look(), LOOK);
    });
  }

  private look(): void {
    const isNews = this.isNews();
    const now = Date.now();
    const isOver = ({ deadline, signal }: Waiter): boolean => isNews || deadline <= now || signal?.aborted === true;
    const over = this.waiters.filter(isOver);
    this.waiters = this.waiters.filter((waiter) => !over.includes(waiter));
    for (const { wake } of over) wake();
    if (this.waiters.length > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
    watches.delete(this.store);
  }

  /** Where the store cannot be read, those who wait look themselves, and hear why. */
  private isNews(): boolean {
    try {
      const revision = this.store.revision();
      const isNews = revision !== this.seen;
      this.seen = revision;
      return isNews;
    } catch {
      return true;
    }
  }
}
