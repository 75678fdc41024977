import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import type { JoinSpec } from "../../../src/cluster/records/join-change.js";
import type { NetworkSpecOfCluster } from "../../../src/cluster/records/network-claims.js";
import type { ClusterState } from "../../../src/contracts/index.js";

/** A host that joins a cluster or a network. */
export function host(at: number, more: Partial<JoinSpec> = {}) {
  const digits = at.toString(16).padStart(4, "0");
  const mac = `02:00:00:00:${digits.slice(0, 2)}:${digits.slice(2)}`;
  const address = `10.0.${at >> 8}.${(at & 255) + 1}`;
  return { name: `h${at}`, address, epoch: `epoch-${at}`, version: "0.1.0", mac, isUsed: false, ...more };
}

let ids = 0;
let clusters = 0;

export function network(name: string, more: Partial<NetworkSpecOfCluster> = {}): NetworkSpecOfCluster {
  const subnets = [{ cidr: "10.5.0.0/16", gateway: "10.5.0.1", blockPrefix: 26 }];
  const id = (++ids).toString(16).padStart(64, "0");
  return { name, id, created: "2026-01-01T00:00:00Z", driver: "overlay", subnets, options: {}, labels: {}, ...more };
}

/** The settled promises of a race, apart. */
export async function race<T>(attempts: readonly Promise<T>[]) {
  const settled = await Promise.allSettled(attempts);
  const won = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const lost = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  return { won, lost };
}

/** A state whose replies to commits are lost: what was sent is sent once more, as etcd's client does to another member. */
export function withoutReplies(state: ClusterState): ClusterState {
  return {
    place: state.place,
    read: (...asked) => state.read(...asked),
    commit: async (change) => {
      await state.commit(change);
      return await state.commit(change);
    },
    lease: (seconds) => state.lease(seconds),
    watch: (...asked) => state.watch(...asked),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export type States = readonly [ClusterState, ClusterState];

/** Clusters of their own in two states, in which hosts take turns. */
export class RecordsLab {
  constructor(readonly states: () => States) {}

  cluster() {
    const name = `c${clusters++}`;
    return { of: (at: number) => new ClusterRecords(this.states()[at % 2] as ClusterState, name), name };
  }

  /** With the hosts h0, h1 and so on. */
  async joined(count: number) {
    const { of, name } = this.cluster();
    for (let at = 0; at < count; at++) await of(at).claimHost(host(at));
    return { of, name };
  }

  /** Writes as any program could. */
  async put(key: string, value: string): Promise<void> {
    await this.states()[0].commit({ require: [], put: [{ key, value }], remove: [] });
  }

  async keys(prefix: string): Promise<readonly string[]> {
    return (await this.states()[0].read(prefix)).records.map(({ key }) => key);
  }
}
