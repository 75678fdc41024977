import type { Network, Resource, Sysctl } from "../../api/index.js";
import type { Host, Links, NetworkRow, Owner, Platform } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { factsWords, formerKeys, type HostFacts, readFacts, sameFacts, withFacts } from "../host-facts/host-facts.js";
import { driverOf, withoutPlugin } from "../requests/drivers.js";
import { sameList, without } from "../resources/resource-lists.js";
import { isShared, joinShared, splitShared } from "../resources/shared-resources.js";
import { removeUnshared } from "../resources/unshared-removal.js";
import type { EndpointUpdates } from "./endpoint-updates.js";

/** A network that would be otherwise if it were made now. */
interface Outdated {
  readonly row: NetworkRow;
  readonly network: Network;
  readonly resources: readonly Resource[];
  /** What changed on the host, in words. */
  readonly what: string;
}

type AdaptationParts = Pick<Parts, "store" | "processes" | "applier" | "drivers" | "host" | "warn">;

/**
 * Networks follow the host, whose ways out and their MTU change under them. The row becomes `changing` and lists both what
 * it shall have and what it gives back, before the kernel is touched, so that a change cut short is completed by the next
 * command.
 */
export class Adaptations {
  constructor(
    private readonly parts: AdaptationParts,
    private readonly endpointUpdates: Pick<EndpointUpdates, "followNetwork">,
  ) {}

  /** Networks that have not followed the host yet. */
  async outdated(): Promise<readonly Outdated[]> {
    const { store } = this.parts;
    const host = await this.parts.host();
    const facts = readFacts(store, host);
    return store.networks.list().flatMap((row) => this.derive(host, row, facts) ?? []);
  }

  /**
   * Brings every network into line with the host as it is now. Costs a few questions where nothing has changed. What cannot
   * be done is told, and keeps nobody from going on.
   */
  async follow(): Promise<void> {
    const { store, warn } = this.parts;
    const rows = store.networks.list();
    if (rows.length === 0) return;
    const host = await this.parts.host();
    const facts = readFacts(store, host, rows);
    try {
      const outdated = rows.filter(({ network }) => !sameFacts(network, facts));
      for (const { id } of outdated) await this.adapt(host, id, facts);
      await this.parts.applier.ensure(this.unset(host, outdated.length === 0 ? rows : store.networks.list()));
    } catch (error) {
      if (!TsdError.is(error)) throw error;
      warn(`networks could not follow the host's ways out: ${error.message}`);
    }
  }

  /** Brings the kernel into line with a row that this process began to change, or that a dead one did. */
  async complete(row: NetworkRow): Promise<void> {
    const { store, processes, applier } = this.parts;
    const self = processes.self();
    const current = store.transaction(() => {
      const found = store.networks.get(row.id);
      if (found?.state !== "changing" || !sameOwner(found.owner, row.owner)) return undefined;
      const isLost = found.owner.bootId !== self.bootId;
      // After a boot there is nothing to give back, and the first endpoint makes all of it.
      const { leaving: _leaving, ...rest } = found;
      const mine: NetworkRow = isLost ? { ...rest, state: "ready" } : { ...found, owner: self };
      store.networks.update(mine);
      return isLost ? undefined : mine;
    });
    if (current === undefined) return;
    await applier.ensure(current.resources);
    for (const { id } of store.endpoints.summaries(row.id)) await this.endpointUpdates.followNetwork(id);
    const isDoubtful = !sameOwner(row.owner, self);
    await removeUnshared(this.parts, { id: row.id, resources: current.leaving ?? [], isDoubtful }, () =>
      this.settle(row.id, self),
    );
  }

  /** In the caller's transaction. Of the row only what this change is about: it may have come to have another block meanwhile. */
  private settle(id: string, self: Owner): void {
    const { networks } = this.parts.store;
    const found = networks.get(id);
    if (found?.state !== "changing" || !sameOwner(found.owner, self)) return;
    const { leaving: _leaving, ...settled } = found;
    networks.update({ ...settled, state: "ready" });
  }

  private async adapt(host: Host, id: string, facts: HostFacts): Promise<void> {
    const { store, processes } = this.parts;
    const self = processes.self();
    const begun = store.unsyncedTransaction(() => {
      const row = store.networks.get(id);
      const next = row === undefined ? undefined : this.derive(host, row, facts);
      if (row === undefined || next === undefined) return undefined;
      const changed: NetworkRow = { ...row, network: next.network, resources: next.resources };
      const isLost = row.owner.bootId !== self.bootId;
      const leaving = without(row.resources, next.resources).filter((one) => isShared(one) || one.kind === "passage");
      const update: NetworkRow = isLost ? changed : { ...changed, leaving, state: "changing", owner: self };
      store.networks.update(update);
      return isLost ? undefined : update;
    });
    if (begun !== undefined) await this.complete(begun);
  }

  private derive(host: Platform & Links, row: NetworkRow, facts: HostFacts): Outdated | undefined {
    if (row.state !== "ready" || sameFacts(row.network, facts)) return undefined;
    const { store, drivers } = this.parts;
    const network = withFacts(row.network, facts);
    // A network whose plug-in is gone or fails stays as its row lists it.
    const list = withoutPlugin(() => driverOf(drivers, network).network(network));
    if (list === undefined) return undefined;
    const { own, shared } = splitShared(host, list);
    const resources = [...own, ...joinShared(store, shared, formerKeys(row.network, facts))];
    return sameList(resources, row.resources)
      ? undefined
      : { row, network, resources, what: factsWords(row.network, facts) };
  }

  /** Parameters of the host that are listed and not set: an interface that comes back has those of a new one. */
  private unset(host: Platform, rows: readonly NetworkRow[]): readonly Resource[] {
    const { bootId } = this.parts.processes.self();
    const living = rows.filter(({ state, owner }) => state === "ready" && owner.bootId === bootId);
    const parameters = living.flatMap(({ resources }) =>
      resources.filter((one): one is Sysctl => one.kind === "sysctl" && isShared(one)),
    );
    const byKey = new Map(parameters.map((resource) => [resource.key, resource]));
    return [...byKey.values()].filter(({ key, value }) => {
      const found = host.parameter(key);
      return found !== undefined && found !== value;
    });
  }
}
