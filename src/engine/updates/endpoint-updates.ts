import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint, PortBinding, Resource } from "../../api/index.js";
import { monotonicTime } from "../../contracts/clock.js";
import type { EndpointRow, Store } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import type { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { changedEndpoint } from "../plan/endpoint-plan.js";
import { endpointResources } from "../plan/endpoint-resources.js";
import type { PortShare } from "../plan/port-shares.js";
import { driverOf, withoutPlugin } from "../requests/drivers.js";
import { learnEndpoints } from "../resources/learned-endpoints.js";
import { sameList, without } from "../resources/resource-lists.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { shortId } from "../rows/identifiers.js";
import { busy } from "../rows/refuse-busy.js";

/** What can change of an endpoint while it is in use. */
export type EndpointChange = Partial<Pick<Endpoint, "ports" | "opened" | "links" | "netns" | "interface">>;

type EndpointUpdateParts = Pick<Parts, "store" | "processes" | "applier" | "drivers" | "host">;

/** Milliseconds to wait for another command that changes the same endpoint. */
const patience = 10_000;

/**
 * Changes of an endpoint that is in use. The row becomes `changing` and lists both what it shall have and what it had,
 * before the kernel is touched, so that a change cut short is completed by the next command.
 */
export class EndpointUpdates {
  constructor(private readonly parts: EndpointUpdateParts) {}

  /**
   * Carries out what `decide` returns for the endpoint as it is now. Returns undefined, and does nothing, if it is gone or
   * `decide` wants no change. A change that fails is undone.
   */
  async endpoint(
    id: string,
    decide: (row: EndpointRow) => EndpointChange | undefined,
  ): Promise<EndpointRow | undefined> {
    const { store } = this.parts;
    const begun = await this.whenReady(id, () =>
      store.transaction(() => {
        const row = store.endpoints.get(id);
        if (row?.state !== "ready") return row?.state;
        if (this.isEnding(row)) return undefined;
        const change = decide(row);
        return change === undefined ? undefined : { before: row, after: this.begin(row, change) };
      }),
    );
    if (begun === undefined) return undefined;
    const { before, after } = begun;
    await undoOnFailure(
      () => this.carryOut([after], addedTo([before])),
      () => this.complete(store.transaction(() => this.beginAs(after, before))),
    );
    return after;
  }

  /** Brings an endpoint into line with its network, which has changed. */
  async followNetwork(id: string): Promise<void> {
    const { store, drivers } = this.parts;
    await this.endpoint(id, ({ endpoint, resources }) => {
      const { network } = store.networks.resolve(endpoint.networkId);
      const list = withoutPlugin(() => endpointResources(driverOf(drivers, network), network, endpoint));
      return list === undefined || sameList(list, resources) ? undefined : {};
    });
  }

  /** What a container that ends has is about to go. */
  private isEnding({ containerId }: EndpointRow): boolean {
    const container = this.parts.store.containers.get(containerId ?? "")?.container;
    return container?.status === "stopping";
  }

  /** Writes the change down, in the caller's transaction, which has claimed new ports; {@link complete} carries it out. */
  begin(row: EndpointRow, change: EndpointChange): EndpointRow {
    const { store, drivers } = this.parts;
    const { network } = store.networks.resolve(row.endpoint.networkId);
    const endpoint = changedEndpoint(row.endpoint, change);
    const resources = endpointResources(driverOf(drivers, network), network, endpoint);
    return this.beginAs(row, { endpoint, resources });
  }

  /** Back to what the rows had, by their own lists: a driver may be what failed. */
  private beginReturns(rows: readonly EndpointRow[], before: readonly EndpointRow[]): readonly EndpointRow[] {
    const former = new Map(before.map((row) => [row.id, row]));
    const shares = before.map(({ id, endpoint: { ports, opened = [] } }) => [id, { ports, opened }] as const);
    moveClaims(this.parts.store, rows, new Map(shares));
    return rows.map((row) => this.beginAs(row, former.get(row.id) ?? row));
  }

  private beginAs(row: EndpointRow, { endpoint, resources }: Pick<EndpointRow, "endpoint" | "resources">): EndpointRow {
    const { store, processes } = this.parts;
    const leaving = without([...row.resources, ...(row.leaving ?? [])], resources);
    const changing: EndpointRow = { ...row, endpoint, resources, leaving, state: "changing", owner: processes.self() };
    store.endpoints.update(changing);
    return changing;
  }

  /**
   * Shares the ports of a container out again among the endpoints that `list` returns, all or none: `decide` returns what
   * each is to have. Returns false, and does nothing, if the container is exiting. A change that fails is undone.
   */
  async shares(
    list: () => readonly EndpointRow[],
    decide: (rows: readonly EndpointRow[]) => ReadonlyMap<string, PortShare>,
  ): Promise<boolean> {
    const { store } = this.parts;
    const begun = await this.undisturbed(list, (rows) => {
      const shares = decide(rows);
      // `decide` may have changed the rows.
      const before = rows.flatMap(({ id }) => store.endpoints.get(id) ?? []);
      return { before, after: this.beginShares(before, shares) };
    });
    if (begun === undefined) return false;
    const { before, after } = begun;
    await undoOnFailure(
      () => this.carryOut(after, addedTo(before)),
      () => this.complete(...store.transaction(() => this.beginReturns(after, before))),
    );
    return true;
  }

  /** Moves claims of ports and writes the changes down, in the caller's transaction; {@link complete} carries them out. */
  beginShares(rows: readonly EndpointRow[], shares: ReadonlyMap<string, PortShare>): readonly EndpointRow[] {
    moveClaims(this.parts.store, rows, shares);
    return rows.flatMap((row) => {
      const share = shares.get(row.id);
      if (share === undefined) return [];
      const { ports, opened = [] } = row.endpoint;
      return JSON.stringify([share.ports, share.opened]) === JSON.stringify([ports, opened])
        ? []
        : this.begin(row, share);
    });
  }

  /**
   * Brings the kernel into line with rows that this process began to change, or that dead ones did. What they had goes first
   * from all of them, since one may get what another had. Goes on past failures, and throws the first one at the end.
   */
  complete(...rows: readonly EndpointRow[]): Promise<void> {
    return this.carryOut(rows, ({ resources }) => resources);
  }

  /** As {@link EndpointUpdates.complete}, where it is known what may be `lacking`. */
  private async carryOut(
    rows: readonly EndpointRow[],
    lacking: (row: EndpointRow) => readonly Resource[],
  ): Promise<void> {
    const { store, processes, applier } = this.parts;
    const failures: unknown[] = [];
    /** Returns those with which it succeeds. */
    const each = async (those: readonly EndpointRow[], work: (row: EndpointRow) => Promise<void>) => {
      const done: EndpointRow[] = [];
      for (const row of those) {
        await work(row).then(
          () => done.push(row),
          (error: unknown) => failures.push(error),
        );
      }
      return done;
    };
    const bootOf = new Map(rows.map(({ id, owner }) => [id, owner.bootId]));
    // After a boot of the machine there is nothing left to bring into line.
    const isLost = ({ id }: EndpointRow): boolean => bootOf.get(id) !== processes.self().bootId;
    const claimed = rows.flatMap((row) => this.claim(row) ?? []);
    const cleared = await each(claimed, async (row) => {
      if (!isLost(row)) await applier.remove(row.leaving ?? []);
    });
    await each(cleared, async (row) => {
      if (!isLost(row)) await applier.ensure(lacking(row).filter(isHere));
      const [known = row] = isLost(row) ? [] : await learnEndpoints(this.parts, [row]);
      // A power cut takes away what was made: the row is as good as settled if it comes back as it is now.
      store.unsyncedTransaction(() => {
        const { leaving: _leaving, ...rest } = known;
        store.endpoints.retainPorts(row.id, row.endpoint.ports);
        store.endpoints.update({ ...rest, state: "ready" });
      });
    });
    if (failures.length > 0) throw failures[0];
  }

  private claim(row: EndpointRow): EndpointRow | undefined {
    const { store, processes } = this.parts;
    const find = (): EndpointRow | undefined => {
      const found = store.endpoints.get(row.id);
      return found?.state === "changing" && sameOwner(found.owner, row.owner) ? found : undefined;
    };
    // No other process takes over what a living one has begun.
    if (sameOwner(row.owner, processes.self())) return find();
    return store.transaction(() => {
      const found = find();
      if (found === undefined) return undefined;
      const mine: EndpointRow = { ...found, owner: processes.self() };
      store.endpoints.update(mine);
      return mine;
    });
  }

  /** Does `work` in a transaction in which no other command changes the rows; undefined if their container is exiting. */
  private async undisturbed<T>(
    list: () => readonly EndpointRow[],
    work: (rows: readonly EndpointRow[]) => T,
  ): Promise<T | undefined> {
    const { store } = this.parts;
    const deadline = monotonicTime() + patience;
    // Containers are to have their ports after a power cut; what other programs attached is gone with it.
    const isLasting = list().some(({ containerId }) => containerId !== undefined);
    const transact = <R>(change: () => R): R =>
      isLasting ? store.transaction(change) : store.unsyncedTransaction(change);
    for (;;) {
      const outcome = transact(() => {
        const rows = list();
        if (rows.some((row) => this.isEnding(row))) return undefined;
        const busy = rows.find(({ state }) => state === "changing");
        return busy === undefined ? { value: work(rows) } : { busy };
      });
      if (outcome === undefined) return undefined;
      if (outcome.busy === undefined) return outcome.value;
      if (monotonicTime() > deadline) throw changing(outcome.busy);
      await sleep(5);
    }
  }

  /** Tries until the row is ready, or gone, or going. Throws `conflict` naming the process that holds it for too long. */
  private async whenReady<T>(
    id: string,
    attempt: () => T | EndpointRow["state"] | undefined,
  ): Promise<Exclude<T, string> | undefined> {
    const deadline = monotonicTime() + patience;
    for (;;) {
      const outcome = attempt();
      if (outcome === undefined || outcome === "creating" || outcome === "deleting") return undefined;
      if (typeof outcome !== "string") return outcome as Exclude<T, string>;
      const row = this.parts.store.endpoints.get(id);
      if (row !== undefined && monotonicTime() > deadline) throw changing(row);
      await sleep(5);
    }
  }
}

/** What the list of a row has that it had not in one of `before`. */
function addedTo(before: readonly EndpointRow[]): (row: EndpointRow) => readonly Resource[] {
  const former = new Map(before.map(({ id, resources }) => [id, resources]));
  return ({ id, resources }) => {
    const known = new Set(former.get(id)?.map((resource) => JSON.stringify(resource)));
    return resources.filter((resource) => !known.has(JSON.stringify(resource)));
  };
}

/** A link that was handed over was made when the endpoint came. Its program has it now, and another would be one too many. */
function isHere(resource: Resource): boolean {
  return resource.kind !== "link" || !resource.handedOver;
}

function changing(row: EndpointRow): TsdError {
  return busy(row, { noun: "endpoint", called: `endpoint ${shortId(row.id)}` });
}

/**
 * What one endpoint loses and another gets changes hands at once. What nobody gets stays claimed until the kernel has it no
 * more.
 */
function moveClaims(store: Store, rows: readonly EndpointRow[], shares: ReadonlyMap<string, PortShare>): void {
  const moves = rows.map(({ id, endpoint }) => {
    const ports = shares.get(id)?.ports ?? [];
    return { id, before: endpoint.ports, gained: ports.filter((port) => !includes(endpoint.ports, port)), ports };
  });
  const gained = moves.flatMap((move) => move.gained);
  const isMoved = (port: PortBinding): boolean => gained.some((other) => isSamePlace(other, port));
  for (const { id, before, ports } of moves)
    store.endpoints.retainPorts(
      id,
      before.filter((port) => includes(ports, port) || !isMoved(port)),
    );
  for (const move of moves) store.endpoints.claimPorts(move.id, move.gained);
}

function includes(ports: readonly PortBinding[], port: PortBinding): boolean {
  return ports.some((other) => isSamePlace(other, port) && other.hostAddress === port.hostAddress);
}

function isSamePlace(one: PortBinding, other: PortBinding): boolean {
  return one.protocol === other.protocol && one.hostPort === other.hostPort && one.count === other.count;
}
