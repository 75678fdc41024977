import { randomUUID } from "node:crypto";
import type { ClusterVersion, HostRecord } from "../../contracts/index.js";
import type { ClaimingHost } from "./claiming-host.js";
import * as conflicts from "./conflicts.js";
import type { Entry } from "./decode.js";
import { removeContents } from "./host-contents.js";
import { untilWon } from "./races.js";
import { put, type Scope } from "./scope.js";
import { RECORDS_VERSION, readHostRecord, readName, readVersion } from "./values.js";

export interface JoiningHost extends ClaimingHost, Pick<HostRecord, "address" | "version"> {}

export interface Joined {
  /** Of the cluster. */
  readonly clusterId: string;
  /** RFC 3339. */
  readonly joined: string;
}

/** Names and addresses of hosts: one host has each. */
export class HostClaims {
  constructor(private readonly scope: Scope) {}

  /** Claims name and address; the same host gets its own again. Throws `conflict` that names the host which has one of them, and `unsupported` for the records of another version. */
  async claim(host: JoiningHost): Promise<Joined> {
    const { state, keys, cluster } = this.scope;
    const { name, epoch, ...rest } = host;
    const record: HostRecord = { ...rest, epoch, joined: new Date().toISOString() };
    let version: Entry<ClusterVersion> | undefined;
    return await untilWon(state.place, `to join cluster ${cluster} as ${name}`, async () => {
      const drawn: ClusterVersion = version?.value ?? { version: RECORDS_VERSION, id: randomUUID() };
      const outcome = await state.commit({
        require: [
          { key: keys.version, modified: version?.modified ?? 0 },
          { key: keys.host(name), is: "absent" },
          { key: keys.address(host.address), is: "absent" },
        ],
        put: [
          ...(version === undefined ? [put(keys.version, drawn)] : []),
          put(keys.host(name), record),
          put(keys.address(host.address), name),
        ],
        remove: [],
      });
      if (outcome.committed) return { clusterId: drawn.id, joined: record.joined };
      version = this.scope.among(outcome.found, keys.version, readVersion);
      if (version !== undefined && version.value.version !== RECORDS_VERSION)
        throw conflicts.otherVersion(cluster, state.place, version.value.version);
      const found = this.scope.among(outcome.found, keys.host(name), readHostRecord)?.value;
      if (found?.leaving) throw conflicts.hostLeaving(cluster, name);
      const isOwn = found?.epoch === epoch && found.address === host.address;
      if (isOwn && version !== undefined) return { clusterId: version.value.id, joined: found.joined };
      if (found !== undefined) throw conflicts.hostTaken(cluster, name, found);
      const holder = this.scope.among(outcome.found, keys.address(host.address), readName)?.value;
      if (holder !== undefined) throw conflicts.addressTaken(cluster, host.address, holder);
      return undefined;
    });
  }

  /** The record of a host that claims something. Throws `conflict` where it was removed, or is another by now. */
  async require({ name, epoch }: ClaimingHost): Promise<Entry<HostRecord>> {
    const { keys, cluster } = this.scope;
    const found = await this.scope.find(keys.host(name), readHostRecord);
    if (found?.value.epoch !== epoch) throw conflicts.hostReplaced(cluster, name, found?.value);
    if (found.value.leaving) throw conflicts.hostLeaving(cluster, name);
    return found;
  }

  /**
   * Gives a host up, with its blocks and addresses in all networks. The record is marked first and removed last, so that the host claims
   * nothing meanwhile, and a removal that was cut off is finished by the next. `epoch`: only if it is that host. Throws `not-found`,
   * and `conflict` for one that is alive, unless `force`.
   */
  async remove(
    name: string,
    { force, epoch }: { readonly force?: boolean; readonly epoch?: string } = {},
  ): Promise<void> {
    const { state, keys, cluster } = this.scope;
    const what = `to remove host ${name} from cluster ${cluster}`;
    const key = keys.host(name);
    const marked = await untilWon(state.place, what, async () => {
      const found = await this.scope.find(key, readHostRecord);
      if (found === undefined) throw conflicts.hostAbsent(cluster, name);
      if (epoch !== undefined && found.value.epoch !== epoch) throw conflicts.hostReplaced(cluster, name, found.value);
      if (!force && epoch === undefined && (await this.isAlive(name)))
        throw conflicts.hostAlive(cluster, name, found.value);
      const outcome = await state.commit({
        require: [{ key, modified: found.modified }],
        put: [put(key, { ...found.value, leaving: true })],
        remove: [keys.aliveHost(name)],
      });
      return outcome.committed ? { name, epoch: found.value.epoch } : undefined;
    });
    await removeContents(this.scope, marked);
    await untilWon(state.place, what, () => this.removeMarked(marked));
  }

  /** With the last host that has nothing behind goes the cluster. */
  private async removeMarked({ name, epoch }: ClaimingHost): Promise<true | undefined> {
    const { state, keys } = this.scope;
    const key = keys.host(name);
    const { revision, records } = await state.read(keys.hosts);
    const found = this.scope.among(records, key, readHostRecord);
    if (found?.value.epoch !== epoch || !found.value.leaving) return true;
    const isLast = records.length === 1 && (await state.read(keys.networks)).records.length === 0;
    const outcome = await state.commit({
      require: [
        { key, modified: found.modified },
        ...(isLast ? ([{ below: keys.hosts, unchangedSince: revision }] as const) : []),
      ],
      put: [],
      remove: [key, keys.address(found.value.address), ...(isLast ? [keys.version] : [])],
    });
    return outcome.committed || undefined;
  }

  private async isAlive(name: string): Promise<boolean> {
    const { state, keys } = this.scope;
    const { records } = await state.read(keys.aliveHost(name));
    return records.some(({ key }) => key === keys.aliveHost(name));
  }
}
