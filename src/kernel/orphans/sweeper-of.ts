import type { Orphan, Sweeper } from "../../api/provider.js";
import type { Resource } from "../../api/resource.js";

/** What must be known of one kind of thing that can be left over. */
export interface Sweepable<T, R extends Resource> {
  /** Everything that bears tsd's marks, in the order in which it can be freed. */
  list(): readonly T[] | Promise<readonly T[]>;
  orphanOf(item: T): Orphan;
  /** Called between the two listings; what needs more than resources asks for it then. */
  claims(wanted: readonly R[]): (item: T) => boolean;
  free(items: readonly T[]): void | Promise<void>;
}

/** The one way to distinguish an orphan from what another command works on; see {@link Sweeper.orphans}. */
export function sweeperOf<T, R extends Resource = Resource>(sweepable: Sweepable<T, R>): Sweeper<R> {
  const { list, orphanOf, claims, free } = sweepable;
  return {
    async orphans(wanted) {
      const before = await list();
      if (before.length === 0) return [];
      const isClaimed = claims(wanted());
      const suspects = new Set(before.filter((item) => !isClaimed(item)).map((item) => keyOf(orphanOf(item))));
      if (suspects.size === 0) return [];
      return (await list()).map(orphanOf).filter((orphan) => suspects.has(keyOf(orphan)));
    },

    async sweep(orphans) {
      const doomed = new Set(orphans.map(keyOf));
      const items = (await list()).filter((item) => doomed.has(keyOf(orphanOf(item))));
      if (items.length > 0) await free(items);
    },
  };
}

function keyOf({ kind, what }: Orphan): string {
  return `${kind} ${what}`;
}
