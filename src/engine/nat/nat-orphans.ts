import type { NatBackend, NatIntent, Orphan, Resource, Sweeper } from "../../api/index.js";
import { isIntent } from "../../api/intent.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { NatSelection } from "./nat-selection.js";
import type { NatSwitch } from "./nat-switch.js";

interface NatOrphansParts {
  readonly selection: Pick<NatSelection, "known" | "all">;
  readonly natSwitch: Pick<NatSwitch, "empty">;
  /** Roots of other installations in this namespace: a rule without a mark may be theirs. */
  readonly otherRoots: () => Promise<readonly string[]>;
  readonly warn: (text: string) => void;
}

/**
 * The orphans of backends: rules of the active one that no row lists, and all rules of the others. While rules move from one
 * to another, nothing can be decided.
 */
export class NatOrphans implements Sweeper {
  constructor(private readonly parts: NatOrphansParts) {}

  async orphans(wanted: () => readonly Resource[]): Promise<readonly Orphan[]> {
    const found: Orphan[] = [];
    for (const { name, sweeper } of await this.parts.selection.all()) {
      let isMoving = false;
      const intents = (): readonly NatIntent[] => {
        isMoving = this.parts.selection.known()?.other !== undefined;
        return this.isInForce(name) ? wanted().filter(isIntent) : [];
      };
      try {
        const orphans = (await sweeper?.orphans(intents)) ?? [];
        // In the backend in force, what names no owner damages the skeleton, and is for a reload to take away.
        const own = orphans.filter(({ standing }) => standing !== "ownerless" || !this.isInForce(name));
        if (!isMoving) found.push(...own);
      } catch (error) {
        // One that does not work here made nothing here.
        if (!TsdError.is(error) || this.isInForce(name)) throw error;
      }
    }
    const doubtful = found.some(({ standing }) => standing !== undefined);
    return doubtful && (await this.isShared()) ? found.filter(({ standing }) => standing === undefined) : found;
  }

  async sweep(orphans: readonly Orphan[]): Promise<void> {
    for (const backend of await this.parts.selection.all()) {
      if (this.isInForce(backend.name)) await backend.sweeper?.sweep(orphans);
      else if (await holdsAny(backend, orphans)) await this.parts.natSwitch.empty(backend.name, orphans);
    }
  }

  /** Until a backend has been selected, any of them may become active. */
  private isInForce(backend: string): boolean {
    const state = this.parts.selection.known();
    return state === undefined || state.active === backend;
  }

  private async isShared(): Promise<boolean> {
    const [other] = await this.parts.otherRoots();
    if (other === undefined) return false;
    this.parts.warn(
      `rules that nobody here wants and that bear no mark are left alone, since they may be those of the tsd in ${other}`,
    );
    return true;
  }
}

async function holdsAny({ sweeper }: NatBackend, orphans: readonly Orphan[]): Promise<boolean> {
  const held = (await sweeper?.orphans(() => [])) ?? [];
  return held.some(({ kind, what }) => orphans.some((orphan) => orphan.kind === kind && orphan.what === what));
}
