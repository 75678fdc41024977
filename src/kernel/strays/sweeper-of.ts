import type { Stray, Sweeper } from "../../api/provider.js";
import type { Resource } from "../../api/resource.js";

/** What must be known of one kind of thing that can be left over. */
export interface Sweepable<T, R extends Resource> {
  /** Everything that bears tsd's marks, in the order in which it can be freed. */
  list(): readonly T[] | Promise<readonly T[]>;
  strayOf(item: T): Stray;
  /** Called between the two listings; what needs more than resources asks for it then. */
  claims(wanted: readonly R[]): (item: T) => boolean;
  free(items: readonly T[]): void | Promise<void>;
}

/** The one way of telling what is nobody's from what somebody works on; see {@link Sweeper.strays}. */
export function sweeperOf<T, R extends Resource = Resource>(sweepable: Sweepable<T, R>): Sweeper<R> {
  const { list, strayOf, claims, free } = sweepable;
  return {
    async strays(wanted) {
      const before = await list();
      if (before.length === 0) return [];
      const isClaimed = claims(wanted());
      const suspects = new Set(before.filter((item) => !isClaimed(item)).map((item) => keyOf(strayOf(item))));
      if (suspects.size === 0) return [];
      return (await list()).map(strayOf).filter((stray) => suspects.has(keyOf(stray)));
    },

    async sweep(strays) {
      const doomed = new Set(strays.map(keyOf));
      const items = (await list()).filter((item) => doomed.has(keyOf(strayOf(item))));
      if (items.length > 0) await free(items);
    },
  };
}

function keyOf({ kind, what }: Stray): string {
  return `${kind} ${what}`;
}
