/** A container that one worker alone commands, so that it is known for sure what it is. */
export interface OwnContainer {
  readonly name: string;
  /** Absent while there is none. */
  id?: string;
  running: boolean;
  /** Names of its networks. */
  readonly networks: Set<string>;
  /** Container ports by the host's. */
  readonly ports: Map<number, number>;
  /** Commands about it, and how each ended. */
  readonly history: string[];
}

/**
 * What is there as far as commands that succeeded have said. Names are shared by all workers, and commands overlap, so
 * that it counts by ids, in any order: what was made and not removed is there.
 */
export class Model {
  readonly own: OwnContainer[] = [];
  /** Containers that go by themselves. */
  readonly brief = new Set<string>();
  readonly #made = { networks: new Set<string>(), containers: new Set<string>() };
  readonly #removed = { networks: new Set<string>(), containers: new Set<string>() };

  made(kind: "networks" | "containers", id: string): void {
    this.#made[kind].add(id);
  }

  removed(kind: "networks" | "containers", ids: readonly string[]): void {
    for (const id of ids) this.#removed[kind].add(id);
  }

  present(kind: "networks" | "containers"): readonly string[] {
    return [...this.#made[kind]].filter((id) => !this.#removed[kind].has(id)).sort();
  }

  addOwn(name: string): OwnContainer {
    const container: OwnContainer = { name, running: false, networks: new Set(), ports: new Map(), history: [] };
    this.own.push(container);
    return container;
  }
}
