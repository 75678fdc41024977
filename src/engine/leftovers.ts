import type { Resource, Stray, Sweeper } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Parts } from "./parts.js";

interface LeftoversParts extends Pick<Parts, "store" | "warn"> {
  /** In the order in which things can be freed: who uses something before what is used. */
  readonly sweepers: () => Promise<readonly Sweeper[]>;
}

/** What bears tsd's marks and no row accounts for. */
export class Leftovers {
  constructor(private readonly parts: LeftoversParts) {}

  /** Changes nothing. */
  async find(): Promise<readonly Stray[]> {
    const found: Stray[] = [];
    for (const sweeper of await this.parts.sweepers()) found.push(...(await sweeper.strays(() => this.wanted())));
    return found;
  }

  /** See {@link System.gc}. Goes on past failures, of which it warns. */
  async free(): Promise<{ readonly freed: readonly Stray[]; readonly left: readonly Stray[] }> {
    const found: Stray[] = [];
    for (const sweeper of await this.parts.sweepers()) {
      const strays = await sweeper.strays(() => this.wanted());
      found.push(...strays);
      await sweeper.sweep(strays).catch((error: unknown) => this.tell(error));
    }
    const left = found.length === 0 ? [] : await this.find();
    const isLeft = (stray: Stray): boolean => left.some(({ kind, what }) => kind === stray.kind && what === stray.what);
    return { freed: found.filter((stray) => !isLeft(stray)), left };
  }

  /** Of rows in every state: one that goes has what it lists until the row is gone. */
  private wanted(): readonly Resource[] {
    const { networks, containers, endpoints } = this.parts.store;
    const rows = [...networks.list(), ...containers.list(), ...endpoints.list()];
    return rows.flatMap(({ resources, leaving = [] }) => [...resources, ...leaving]);
  }

  private tell(error: unknown): void {
    if (!TsdError.is(error)) throw error;
    this.parts.warn(error.message);
  }
}
