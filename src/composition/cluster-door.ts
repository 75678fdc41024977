import { existsSync } from "node:fs";
import type { OnStep } from "../api/index.js";
import type { Membership } from "../contracts/index.js";
import type { ClusterClaims } from "../engine/contracts/cluster.js";

type Place = Pick<Membership, "cluster" | "etcd">;

/** Opens the records of clusters, each once and at its first use. In a dry run claims are reported in place of being made. */
export class ClusterDoor {
  private readonly opened = new Map<string, Promise<ClusterClaims & AsyncDisposable>>();

  constructor(
    /** Directory of the state of a cluster of this host alone. */
    private readonly root: string,
    private readonly tell: OnStep | undefined,
  ) {}

  open(place: Place): Promise<ClusterClaims> {
    const key = JSON.stringify([place.cluster, place.etcd]);
    const opened = this.opened.get(key) ?? this.load(place);
    this.opened.set(key, opened);
    return opened;
  }

  close(): void {
    // Nothing waits for it: what is on its way to etcd has been replied to.
    for (const opened of this.opened.values()) void opened.then((records) => records[Symbol.asyncDispose]());
  }

  private async load(place: Place): Promise<ClusterClaims & AsyncDisposable> {
    const { openClusterState } = await import("../cluster/open-cluster-state.js");
    const { ClusterRecords } = await import("../cluster/records/cluster-records.js");
    const local = `${this.root}/cluster.db`;
    if (this.tell === undefined) return new ClusterRecords(openClusterState(place, local), place.cluster);
    const { PlannedState } = await import("../cluster/planned-state.js");
    const { place: where } = openClusterState(place, local);
    // A plan makes no file.
    const state = openClusterState(place, existsSync(local) ? local : ":memory:");
    return new ClusterRecords(new PlannedState(state, this.tell, where), place.cluster);
  }
}
