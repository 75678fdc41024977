import type { NatBackend, NatIntent, Resource, Stray, Sweeper } from "../../api/index.js";
import { isIntent } from "../../api/resource.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { NatSelection } from "./nat-selection.js";
import type { NatSwitch } from "./nat-switch.js";

interface NatStraysParts {
  readonly selection: Pick<NatSelection, "known" | "all">;
  readonly natSwitch: Pick<NatSwitch, "empty">;
  /** Roots of other installations in this namespace: a rule without a mark may be theirs. */
  readonly otherRoots: () => Promise<readonly string[]>;
  readonly warn: (text: string) => void;
}

/**
 * What backends hold for nobody: rules that no row wants in the one in force, and all rules in the others. While rules move
 * from one to another, nothing can be told.
 */
export class NatStrays implements Sweeper {
  constructor(private readonly parts: NatStraysParts) {}

  async strays(wanted: () => readonly Resource[]): Promise<readonly Stray[]> {
    const found: Stray[] = [];
    for (const { name, sweeper } of await this.parts.selection.all()) {
      let isMoving = false;
      const intents = (): readonly NatIntent[] => {
        isMoving = this.parts.selection.known()?.other !== undefined;
        return this.isInForce(name) ? wanted().filter(isIntent) : [];
      };
      try {
        const strays = (await sweeper?.strays(intents)) ?? [];
        // In the backend in force, what names no owner damages the skeleton, and is for a reload to take away.
        const own = strays.filter(({ standing }) => standing !== "ownerless" || !this.isInForce(name));
        if (!isMoving) found.push(...own);
      } catch (error) {
        // One that does not work here made nothing here.
        if (!TsdError.is(error) || this.isInForce(name)) throw error;
      }
    }
    const doubtful = found.some(({ standing }) => standing !== undefined);
    return doubtful && (await this.isShared()) ? found.filter(({ standing }) => standing === undefined) : found;
  }

  async sweep(strays: readonly Stray[]): Promise<void> {
    for (const backend of await this.parts.selection.all()) {
      if (this.isInForce(backend.name)) await backend.sweeper?.sweep(strays);
      else if (await holdsAny(backend, strays)) await this.parts.natSwitch.empty(backend.name, strays);
    }
  }

  /** Before the first choice any may come to be. */
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

async function holdsAny({ sweeper }: NatBackend, strays: readonly Stray[]): Promise<boolean> {
  const held = (await sweeper?.strays(() => [])) ?? [];
  return held.some(({ kind, what }) => strays.some((stray) => stray.kind === kind && stray.what === what));
}
