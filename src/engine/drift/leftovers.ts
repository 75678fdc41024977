import type { Resource, Stray, Sweeper } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";

interface LeftoversParts extends Pick<Parts, "store" | "warn"> {
  /** In the order in which things can be freed: who uses something before what is used. */
  readonly sweepers: () => Promise<readonly Sweeper[]>;
}

interface Found {
  readonly sweeper: Sweeper;
  readonly strays: readonly Stray[];
}

/** What bears tsd's marks and no row accounts for. */
export class Leftovers {
  constructor(private readonly parts: LeftoversParts) {}

  /** Changes nothing. */
  async find(): Promise<readonly Stray[]> {
    return (await this.findEach()).flatMap(({ strays }) => strays);
  }

  /** See {@link System.gc}. Goes on past failures, of which it warns. */
  async free(): Promise<{ readonly freed: readonly Stray[]; readonly left: readonly Stray[] }> {
    // All are listed before the first goes, since a veth goes with its namespace.
    const found = await this.findEach();
    for (const { sweeper, strays } of found) {
      if (strays.length > 0) await sweeper.sweep(strays).catch((error: unknown) => this.tell(error));
    }
    const strays = found.flatMap((each) => each.strays);
    const left = strays.length === 0 ? [] : await this.find();
    const isLeft = (stray: Stray): boolean => left.some(({ kind, what }) => kind === stray.kind && what === stray.what);
    return { freed: strays.filter((stray) => !isLeft(stray)), left };
  }

  private async findEach(): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (const sweeper of await this.parts.sweepers()) {
      found.push({ sweeper, strays: await sweeper.strays(() => this.wanted()) });
    }
    return found;
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
