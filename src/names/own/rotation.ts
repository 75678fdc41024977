/** Names of which the turn is kept; above it all begin at their first address again. */
const KEPT = 1024;

/** Each name's addresses in turn, so that clients that take the first one use all of them. */
export class Rotation {
  readonly #turns = new Map<string, number>();

  /** `items` from the next one on. The turn is the name's own: with one for all, two names asked by turns would not move. */
  next<T>(name: string, items: readonly T[]): readonly T[] {
    if (items.length < 2) return items;
    const turn = (this.#turns.get(name) ?? 0) % items.length;
    if (this.#turns.size >= KEPT) this.#turns.clear();
    this.#turns.set(name, turn + 1);
    return turn === 0 ? items : [...items.slice(turn), ...items.slice(0, turn)];
  }
}
