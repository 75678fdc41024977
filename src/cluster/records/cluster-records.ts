import type { ClusterState, HostRecord, MemberRecord, NetworkRecord } from "../../contracts/index.js";
import type { TsdError } from "../../errors/tsd-error.js";
import type { ClaimingHost } from "./claiming-host.js";
import { type Entry, entryOf, foreignRecord, orUnreadable } from "./decode.js";
import { HostClaims, type Joined, type JoiningHost } from "./host-claims.js";
import type { JoinSpec, MemberPlace } from "./join-change.js";
import { type HeldAddress, MemberClaims } from "./member-claims.js";
import { NetworkClaims, type NetworkSpecOfCluster } from "./network-claims.js";
import { readContents } from "./network-contents.js";
import { type ReadEndpoint, readListed } from "./read-listed.js";
import { Scope } from "./scope.js";
import { isName, readHostRecord } from "./values.js";

interface ReadHost extends HostRecord {
  /** Its agent keeps its lease. */
  readonly isAlive: boolean;
}

/** What a cluster has. `unreadable` are errors that name what another program wrote there. */
export interface ReadCluster {
  /** Changes after it are news. */
  readonly revision: number;
  readonly hosts: ReadonlyMap<string, ReadHost>;
  readonly networks: ReadonlyMap<string, NetworkRecord>;
  readonly unreadable: readonly TsdError[];
}

export interface ReadNetwork {
  readonly revision: number;
  readonly members: ReadonlyMap<string, MemberRecord>;
  /** Hosts by block, in the order in which the blocks were claimed. */
  readonly blocks: ReadonlyMap<string, string>;
  /** That hosts follow, and the first of the others. */
  readonly endpoints: readonly ReadEndpoint[];
  /** How many of the others there are more. */
  readonly more: number;
  /** Hosts by address. */
  readonly held: ReadonlyMap<string, string>;
  readonly unreadable: readonly TsdError[];
}

/**
 * The records of one cluster (src/contracts/cluster-records.ts), and the claims by which each name, address, block and VNI is one host's.
 * Each claim is one commit; a race that is lost is run again. Each verb throws as {@link ClusterState} does, and `conflict` where this
 * host was removed from the cluster.
 */
export class ClusterRecords implements AsyncDisposable {
  private readonly scope: Scope;
  private readonly hosts: HostClaims;
  private readonly networks: NetworkClaims;
  private readonly members: MemberClaims;

  constructor(
    readonly state: ClusterState,
    readonly cluster: string,
  ) {
    this.scope = new Scope(state, cluster);
    this.hosts = new HostClaims(this.scope);
    this.networks = new NetworkClaims(this.scope, this.hosts);
    this.members = new MemberClaims(this.scope, this.hosts, this.networks);
  }

  async read(): Promise<ReadCluster> {
    const { revision, networks, unreadable } = await this.networks.readAll();
    const hosts = await this.readHosts();
    // The earlier one: a change in between is news that is known already.
    return {
      revision: Math.min(revision, hosts.revision),
      hosts: hosts.hosts,
      networks: valuesOf(networks),
      unreadable: [...unreadable, ...hosts.unreadable],
    };
  }

  /** See {@link HostClaims}. */
  claimHost(host: JoiningHost): Promise<Joined> {
    return this.hosts.claim(host);
  }

  removeHost(name: string, options?: { readonly force?: boolean; readonly epoch?: string }): Promise<void> {
    return this.hosts.remove(name, options);
  }

  /** Undefined for none. */
  async network(name: string): Promise<NetworkRecord | undefined> {
    return (await this.networks.find(name))?.value;
  }

  /** See {@link NetworkClaims}. */
  createNetwork(spec: NetworkSpecOfCluster, host: JoinSpec): Promise<MemberPlace> {
    return this.networks.create(spec, host);
  }

  updateNetwork(
    network: { readonly id: string; readonly name: string },
    host: ClaimingHost,
    change: (record: NetworkRecord) => NetworkRecord,
  ): Promise<number> {
    return this.networks.update(network, host, change);
  }

  removeNetwork(name: string, self: ClaimingHost, options?: { readonly force?: boolean }): Promise<void> {
    return this.networks.remove(name, self, options);
  }

  /** Blocks outside of `subnets`, where these are given, are not the network's, and are left out. */
  async readNetwork(id: string, subnets?: readonly string[]): Promise<ReadNetwork> {
    const { revision, members, blocks, endpoints, held, unreadable } = await readContents(this.scope, id, { subnets });
    const listed = await readListed(this.scope, id);
    return {
      revision: Math.min(revision, listed.revision),
      members: valuesOf(members),
      blocks: valuesOf(blocks),
      endpoints: [...[...valuesOf(endpoints)].map(([id, record]) => ({ id, ...record })), ...listed.endpoints],
      more: listed.more,
      held: valuesOf(held),
      unreadable: [...unreadable, ...listed.unreadable],
    };
  }

  /** See {@link MemberClaims}. */
  joinNetwork(network: string, host: JoinSpec): Promise<MemberPlace> {
    return this.members.join(network, host);
  }

  /** One more block of `cidr`, a subnet of the network. */
  claimBlock(network: string, host: JoinSpec, cidr: string): Promise<MemberPlace> {
    return this.members.join(network, host, cidr);
  }

  leaveNetwork(networkId: string, host: ClaimingHost): Promise<void> {
    return this.members.leave(networkId, host);
  }

  holdAddress(held: HeldAddress, host: ClaimingHost): Promise<void> {
    return this.members.hold(held, host);
  }

  releaseAddress(held: HeldAddress, host: ClaimingHost, isMeant: () => boolean): Promise<void> {
    return this.members.release(held, host, isMeant);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.state[Symbol.asyncDispose]();
  }

  private async readHosts(): Promise<Omit<ReadCluster, "networks">> {
    const { keys } = this.scope;
    const alive = new Set((await this.state.read(keys.alive)).records.map(({ key }) => key));
    const { revision, records } = await this.state.read(keys.hosts);
    const hosts = new Map<string, ReadHost>();
    const unreadable: TsdError[] = [];
    for (const record of records) {
      orUnreadable(unreadable, () => {
        const name = record.key.slice(keys.hosts.length);
        if (!isName(name)) throw foreignRecord(this.state.place, record.key, "its key has no name of a host");
        const { value } = entryOf(this.state.place, record, readHostRecord);
        hosts.set(name, { ...value, isAlive: alive.has(keys.aliveHost(name)) });
      });
    }
    return { revision, hosts, unreadable };
  }
}

function valuesOf<T>(entries: ReadonlyMap<string, Entry<T>>): ReadonlyMap<string, T> {
  return new Map([...entries].map(([name, { value }]) => [name, value]));
}
