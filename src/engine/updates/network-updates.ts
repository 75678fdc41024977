import type { Isolate, Network, NetworkChange, Resource } from "../../api/index.js";
import type { Host, NetworkRow, Platform } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { driverOf } from "../requests/drivers.js";
import { changedNetwork } from "../requests/network-change.js";
import { sameList, without } from "../resources/resource-lists.js";
import { isShared, joinShared, splitShared } from "../resources/shared-resources.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { requireMembership } from "../rows/membership.js";
import { busy } from "../rows/refuse-busy.js";
import type { Adaptations } from "./adaptations.js";

type UpdateParts = Pick<Parts, "store" | "processes" | "drivers" | "host" | "membership" | "cluster">;

/**
 * Changes that a user wants of a network in use. As one that follows the host, its row becomes `changing` and lists both what
 * it shall have and what it gives back, before the kernel is touched, and {@link Adaptations} carries that out.
 */
export class NetworkUpdates {
  constructor(
    private readonly parts: UpdateParts,
    private readonly adaptations: Pick<Adaptations, "complete" | "follow">,
  ) {}

  /** See {@link Networks.update}. */
  async update(id: string, change: NetworkChange): Promise<Network> {
    const { store } = this.parts;
    const host = await this.parts.host();
    await this.adaptations.follow();
    const recorded = await this.share(store.networks.resolve(id), change);
    const { before, after } = store.transaction(() => this.begin(host, id, change, recorded));
    if (after.state === "changing") {
      await undoOnFailure(
        () => this.adaptations.complete(after),
        () => this.adaptations.complete(store.transaction(() => this.turn(host, after, before))),
      );
    }
    return after.network;
  }

  /**
   * Of a network that spans hosts the cluster's record comes first: their agents follow it, this host's too where this command dies.
   * Returns the revision.
   */
  private async share(row: NetworkRow, change: NetworkChange): Promise<number | undefined> {
    const { network } = row;
    const { id, name } = network;
    if (network.cluster === undefined) return undefined;
    refuseBusy(row);
    const driver = driverOf(this.parts.drivers, network);
    // Before the cluster is asked.
    changedNetwork(driver, network, change);
    const { host, epoch } = requireMembership(this.parts.membership());
    const cluster = await this.parts.cluster();
    return await cluster.updateNetwork({ id, name }, { name: host, epoch }, ({ dns, ...record }) => {
      const { dns: _own, ...rest } = network;
      const known = { ...rest, labels: record.labels, ...(dns === undefined ? {} : { dns }) };
      const changed = changedNetwork(driver, known, change);
      return { ...record, labels: changed.labels, ...(changed.dns === undefined ? {} : { dns: changed.dns }) };
    });
  }

  /** In the caller's transaction. What nothing on the machine depends on is changed with it. */
  private begin(
    host: Host,
    id: string,
    change: NetworkChange,
    recorded: number | undefined,
  ): { readonly before: NetworkRow; readonly after: NetworkRow } {
    const { store, drivers, processes } = this.parts;
    const before = store.networks.resolve(id);
    refuseBusy(before);
    const driver = driverOf(drivers, before.network);
    const changed = changedNetwork(driver, before.network, change);
    const { cluster } = changed;
    const isNews = cluster !== undefined && recorded !== undefined;
    const network = isNews ? { ...changed, cluster: { ...cluster, recorded } } : changed;
    const { own, shared } = splitShared(host, driver.network(network));
    const next: NetworkRow = { ...before, network, resources: [...own, ...joinShared(store, shared)] };
    // After a boot there is nothing to change, and the first endpoint makes all of it.
    const isLost = before.owner.bootId !== processes.self().bootId;
    if (!isLost && JSON.stringify(network.options) !== JSON.stringify(before.network.options)) {
      return { before, after: this.turn(host, before, next) };
    }
    const after = sameList(next.resources, before.resources) ? { ...before, network } : next;
    store.networks.update(after);
    return { before, after };
  }

  /** Writes down that the network is to become another, in the caller's transaction. */
  private turn(host: Platform, from: NetworkRow, { network, resources }: NetworkRow): NetworkRow {
    const { store, processes } = this.parts;
    const leaving = leavingOf(host, from.resources, resources);
    const changing: NetworkRow = { ...from, network, resources, leaving, state: "changing", owner: processes.self() };
    store.networks.update(changing);
    return changing;
  }
}

function refuseBusy(row: NetworkRow): void {
  if (row.state !== "ready") throw busy(row, { noun: "network", called: `network "${row.network.name}"` });
}

/** What is to be taken away of the one list, once all of the other is there. */
function leavingOf(host: Platform, from: readonly Resource[], to: readonly Resource[]): readonly Resource[] {
  return without(from, to).map((resource): Resource => {
    // What both isolations have stays all the time.
    if (resource.kind === "isolate" && to.some((one) => isolates(one, resource))) return { ...resource, only: "apart" };
    if (resource.kind !== "sysctl" || isShared(resource)) return resource;
    // A link of the network's own goes back to what a new one has: net/FAMILY/conf/LINK/… has a "default" in the link's place.
    const [net, family, area, , ...name] = resource.key.split("/");
    const restore = host.parameter([net, family, area, "default", ...name].join("/"));
    return restore === undefined ? resource : { ...resource, restore };
  });
}

function isolates(resource: Resource, { bridge, group }: Isolate): boolean {
  return resource.kind === "isolate" && resource.bridge === bridge && resource.group === group;
}
