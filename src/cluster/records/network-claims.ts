import { randomInt } from "node:crypto";
import type { MemberRecord, NetworkRecord } from "../../contracts/index.js";
import type { TsdError } from "../../errors/tsd-error.js";
import { type Cidr, overlaps, readCidr } from "../../ipam/cidr.js";
import { type ClaimingHost, findHost } from "./claiming-host.js";
import * as conflicts from "./conflicts.js";
import { type Entry, entryOf, foreignRecord, orUnreadable } from "./decode.js";
import type { HostClaims } from "./host-claims.js";
import { changeToJoin, type JoinSpec, type MemberPlace } from "./join-change.js";
import { readClaims, readContents } from "./network-contents.js";
import { untilWon } from "./races.js";
import { put, type Scope } from "./scope.js";
import { isName, readName, readNetworkRecord } from "./values.js";

/** VNIs that tsd chooses from: small ones are for those who choose by hand. */
const FIRST_VNI = 4096;
const END_OF_VNIS = 0x1_00_00_00;

export interface NetworkSpecOfCluster extends Omit<NetworkRecord, "vni"> {
  readonly name: string;
  /** Absent: one that is free. */
  readonly vni?: number;
}

export interface NetworksOfCluster {
  readonly revision: number;
  readonly networks: ReadonlyMap<string, Entry<NetworkRecord>>;
  readonly unreadable: readonly TsdError[];
}

/** Names, subnets and VNIs of networks: one network of the cluster has each. */
export class NetworkClaims {
  constructor(
    private readonly scope: Scope,
    private readonly hosts: HostClaims,
  ) {}

  async readAll(): Promise<NetworksOfCluster> {
    const { state, keys } = this.scope;
    const { revision, records } = await state.read(keys.networks);
    const networks = new Map<string, Entry<NetworkRecord>>();
    const unreadable: TsdError[] = [];
    for (const record of records) {
      orUnreadable(unreadable, () => {
        const name = record.key.slice(keys.networks.length);
        if (!isName(name)) throw foreignRecord(state.place, record.key, "its key has no name of a network");
        networks.set(name, entryOf(state.place, record, readNetworkRecord));
      });
    }
    return { revision, networks, unreadable };
  }

  async find(name: string): Promise<Entry<NetworkRecord> | undefined> {
    return await this.scope.find(this.scope.keys.network(name), readNetworkRecord);
  }

  /** Throws `not-found`. */
  async require(name: string): Promise<Entry<NetworkRecord>> {
    const found = await this.find(name);
    if (found === undefined) throw conflicts.networkAbsent(this.scope.cluster, name);
    return found;
  }

  /**
   * Claims name, subnets and VNI, and joins with a first block of each subnet, all at once; the network of the same id is its own, from a
   * commit whose reply was lost. Throws `conflict` that names the network which has one of them.
   */
  async create({ name, ...spec }: NetworkSpecOfCluster, host: JoinSpec): Promise<MemberPlace> {
    const { state, keys, cluster } = this.scope;
    return await untilWon(state.place, `to create network ${name} in cluster ${cluster}`, async () => {
      const own = await this.hosts.require(host);
      const { revision, networks } = await this.readAll();
      this.requireFree(name, spec, networks);
      const made = networks.get(name)?.value;
      const vni = spec.vni ?? randomInt(FIRST_VNI, END_OF_VNIS);
      const record: NetworkRecord = made ?? { ...spec, vni };
      const contents = await readClaims(this.scope, record, host.name);
      const joining = changeToJoin(this.scope, { network: name, record, host }, contents);
      // A commit whose reply was lost made it, with the member and its blocks.
      if (made !== undefined && joining.change.put.length === 0) return joining.place;
      const outcome = await state.commit({
        require: [
          { key: keys.network(name), is: "absent" },
          { key: keys.vni(vni), is: "absent" },
          { below: keys.networks, unchangedSince: revision },
          { key: keys.host(host.name), modified: own.modified },
          ...joining.change.require,
        ],
        put: [put(keys.network(name), record), put(keys.vni(vni), name), ...joining.change.put],
        remove: [],
      });
      if (outcome.committed) return joining.place;
      const holder = this.scope.among(outcome.found, keys.vni(vni), readName)?.value;
      if (holder !== undefined && holder !== name && spec.vni !== undefined)
        throw conflicts.vniTaken(cluster, vni, holder);
      return undefined;
    });
  }

  /**
   * Writes what `change` makes of the network's record; asked again where another host was faster. Returns the revision. Throws
   * `not-found`, and `conflict` where the host itself was removed.
   */
  async update(
    { id, name }: { readonly id: string; readonly name: string },
    host: ClaimingHost,
    change: (record: NetworkRecord) => NetworkRecord,
  ): Promise<number> {
    const { state, keys, cluster } = this.scope;
    return await untilWon(state.place, `to change network ${name} of cluster ${cluster}`, async () => {
      const own = await this.hosts.require(host);
      const { value, modified } = await this.require(name);
      if (value.id !== id) throw conflicts.networkAbsent(cluster, name);
      const outcome = await state.commit({
        require: [
          { key: keys.network(name), modified },
          { key: keys.host(host.name), modified: own.modified },
        ],
        put: [put(keys.network(name), change(value))],
        remove: [],
      });
      return outcome.committed ? outcome.revision : undefined;
    });
  }

  /**
   * Removes a network with all that hosts have of it; does nothing for a host that is not in the cluster any more. Throws `conflict`
   * that names the hosts whose containers use it, beside `self`, unless `force`.
   */
  async remove(name: string, self: ClaimingHost, { force }: { readonly force?: boolean } = {}): Promise<void> {
    const { state, keys, cluster } = this.scope;
    await untilWon(state.place, `to remove network ${name} from cluster ${cluster}`, async () => {
      const own = await findHost(this.scope, self);
      if (own === undefined) return true;
      const { value, modified } = await this.require(name);
      const { revision, members } = await readContents(this.scope, value.id, { only: [keys.members(value.id)] });
      const isOwn = (host: string, { epoch }: MemberRecord) => host === self.name && epoch === self.epoch;
      const users = [...members].flatMap(([host, { value }]) => (value.isUsed && !isOwn(host, value) ? host : []));
      if (users.length > 0 && !force) throw conflicts.networkUsed(cluster, name, users);
      const outcome = await state.commit({
        require: [
          { key: keys.network(name), modified },
          { key: keys.host(self.name), modified: own.modified },
          ...(force ? [] : ([{ below: keys.members(value.id), unchangedSince: revision }] as const)),
        ],
        put: [],
        remove: [keys.network(name), keys.vni(value.vni), keys.contentsOf(value.id), keys.directoryOf(value.id)],
      });
      return outcome.committed || undefined;
    });
  }

  private requireFree(
    name: string,
    { id, subnets, vni }: Pick<NetworkSpecOfCluster, "id" | "subnets" | "vni">,
    networks: NetworksOfCluster["networks"],
  ): void {
    const { cluster } = this.scope;
    const namesake = networks.get(name)?.value;
    if (namesake?.id === id) return;
    if (namesake !== undefined) throw conflicts.networkTaken(cluster, name, namesake);
    for (const [holder, { value }] of networks) {
      if (value.vni === vni) throw conflicts.vniTaken(cluster, vni, holder);
      for (const { cidr } of subnets) {
        const taken = value.subnets.find((other) => overlaps(cidrOf(other.cidr), cidrOf(cidr)));
        if (taken !== undefined) throw conflicts.subnetTaken(cluster, cidr, { name: holder, cidr: taken.cidr });
      }
    }
  }
}

function cidrOf(text: string): Cidr {
  const parsed = readCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no subnet`);
  return parsed.cidr;
}
