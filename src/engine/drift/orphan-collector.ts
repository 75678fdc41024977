import type { Orphan, Resource, Sweeper, SweepOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";

interface OrphanCollectorParts extends Pick<Parts, "store" | "warn"> {
  /** In the order in which things can be freed: who uses something before what is used. */
  readonly sweepers: () => Promise<readonly Sweeper[]>;
}

interface Found {
  readonly sweeper: Sweeper;
  readonly orphans: readonly Orphan[];
}

/** What bears tsd's marks and no row accounts for. */
export class OrphanCollector {
  constructor(private readonly parts: OrphanCollectorParts) {}

  /** Changes nothing. */
  async find(): Promise<readonly Orphan[]> {
    return (await this.findEach()).flatMap(({ orphans }) => orphans);
  }

  /** See {@link System.gc}. Continues after failures and warns about them. */
  async free(
    options: SweepOptions = {},
  ): Promise<{ readonly freed: readonly Orphan[]; readonly left: readonly Orphan[] }> {
    // All are listed before the first is freed, since a veth is removed with its namespace.
    const found = await this.findEach();
    for (const { sweeper, orphans } of found) {
      if (orphans.length > 0) await sweeper.sweep(orphans, options).catch((error: unknown) => this.tell(error));
    }
    const orphans = found.flatMap((each) => each.orphans);
    const left = orphans.length === 0 ? [] : await this.find();
    const isLeft = (orphan: Orphan): boolean =>
      left.some(({ kind, what }) => kind === orphan.kind && what === orphan.what);
    return { freed: orphans.filter((orphan) => !isLeft(orphan)), left };
  }

  private async findEach(): Promise<readonly Found[]> {
    const found: Found[] = [];
    const wanted = this.wanted();
    for (const sweeper of await this.parts.sweepers()) {
      const orphans = await sweeper.orphans(wanted).catch((error: unknown) => {
        // Of a plug-in's backend, which keeps nothing else from being found.
        if (!TsdError.is(error, "plugin")) throw error;
        this.parts.warn(error.message);
        return [];
      });
      found.push({ sweeper, orphans });
    }
    return found;
  }

  /**
   * What rows in every state list: a row that is being removed has it until the row is gone. Each sweeper asks after it has looked,
   * and rows are read again only where one may have changed since.
   */
  private wanted(): () => readonly Resource[] {
    const { store } = this.parts;
    let known: { readonly revision: number; readonly resources: readonly Resource[] } | undefined;
    return () => {
      const revision = store.revision();
      if (known?.revision !== revision) known = { revision, resources: listedBy(store) };
      return known.resources;
    };
  }

  private tell(error: unknown): void {
    if (!TsdError.is(error)) throw error;
    this.parts.warn(error.message);
  }
}

function listedBy({ networks, peers, containers, endpoints, volumes }: Parts["store"]): readonly Resource[] {
  const rows = [...networks.list(), ...peers.list(), ...containers.list(), ...endpoints.list(), ...volumes.list()];
  return rows.flatMap(({ resources, leaving = [] }) => [...resources, ...leaving]);
}
