import type { OnStep, Resource, Stray, Sweeper } from "../../api/index.js";

/** Tells what another sweeper would free, and leaves it where it is. */
export class PlannedSweeper<R extends Resource> implements Sweeper<R> {
  private readonly freed = new Set<string>();

  constructor(
    private readonly real: Sweeper<R>,
    private readonly tell: OnStep,
  ) {}

  /** As they would be left by the plan. */
  async strays(wanted: () => readonly R[]): Promise<readonly Stray[]> {
    return (await this.real.strays(wanted)).filter((stray) => !this.freed.has(key(stray)));
  }

  async sweep(strays: readonly Stray[]): Promise<void> {
    for (const stray of strays) {
      this.freed.add(key(stray));
      this.tell({ verb: "run", what: `free ${stray.kind} ${stray.what}, since ${stray.why}`, sends: [] });
    }
  }
}

function key({ kind, what }: Stray): string {
  return `${kind} ${what}`;
}
