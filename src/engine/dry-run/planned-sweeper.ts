import type { OnStep, Orphan, Resource, Sweeper } from "../../api/index.js";

/** Reports what another sweeper would free, and frees nothing. */
export class PlannedSweeper<R extends Resource> implements Sweeper<R> {
  private readonly freed = new Set<string>();

  constructor(
    private readonly real: Sweeper<R>,
    private readonly tell: OnStep,
  ) {}

  /** As they would be left by the plan. */
  async orphans(wanted: () => readonly R[]): Promise<readonly Orphan[]> {
    return (await this.real.orphans(wanted)).filter((orphan) => !this.freed.has(key(orphan)));
  }

  async sweep(orphans: readonly Orphan[]): Promise<void> {
    for (const orphan of orphans) {
      this.freed.add(key(orphan));
      this.tell({ verb: "run", what: `free ${orphan.kind} ${orphan.what}, since ${orphan.why}`, sends: [] });
    }
  }
}

function key({ kind, what }: Orphan): string {
  return `${kind} ${what}`;
}
