import { Keys } from "../cluster/records/keys.js";
import { readNetworkRecord } from "../cluster/records/values.js";
import type { NetworkNotes, NetworkRecord } from "../contracts/index.js";
import { offerOf } from "./own/offer.js";
import type { LostRecords } from "./own/offer-input.js";
import { removedHost, standingOf } from "./own/standing.js";
import { PeerRecord } from "./peer-record.js";
import { byId, type KnownPeers, keeping } from "./peers/peer-diff.js";
import { peersOf } from "./peers/peers-of.js";
import type { LocalNetwork } from "./records/local-network.js";
import { NetworkView } from "./records/network-view.js";
import { readRecord } from "./records/read-record.js";
import { placesOf } from "./records/record-places.js";
import type { Surroundings } from "./surroundings.js";
import { troublesOf } from "./troubles.js";

/** Milliseconds for other hosts to write again what a cluster's state lost when it was put back from a backup. */
const GRACE = 60_000;
/** Milliseconds for the command that removed a network from the cluster to remove it here too. */
const REMOVAL = 5000;
/** Milliseconds until that is tried again: what kept it may have gone. */
const RETRY = 15_000;

/**
 * One network here, and what the cluster's state says of it: settles both sides. It compares states and counts no events, so it makes no
 * difference how often it settles, nor which process did before.
 */
export class NetworkSync {
  readonly peers: PeerRecord;
  private readonly keys: Keys;
  private readonly view: NetworkView;
  private shared: NetworkRecord | undefined;
  private lost: LostRecords | undefined;
  private kept: { readonly peers: KnownPeers; readonly until: number } | undefined;
  /** When the network is removed here that the cluster has no more. */
  private removal: number | undefined;
  private notes: NetworkNotes | undefined;
  private synced: Omit<NetworkNotes, "troubles"> | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly id: string,
    signal: AbortSignal,
  ) {
    const { membership, local, peers, state } = surroundings;
    this.keys = new Keys(membership.cluster);
    this.peers = new PeerRecord({ changer: peers, present: () => local.peers(id) }, id, signal);
    this.notes = local.notes(id);
    this.view = new NetworkView({ state, membership, keys: this.keys }, this.notes?.revision ?? 0);
  }

  /** Whether this host has followed the network before, in this process or in one before it. */
  get wasFollowed(): boolean {
    return this.notes !== undefined;
  }

  get hasRead(): boolean {
    return this.synced !== undefined;
  }

  /** Milliseconds after which to settle although nothing is new; undefined for none. */
  get pause(): number | undefined {
    const due = Math.min(this.kept?.until ?? Number.POSITIVE_INFINITY, this.removal ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(due) ? Math.max(0, due - this.surroundings.clock.now()) : undefined;
  }

  /** Reads all that the state has. Throws where that cannot be had; nothing is given up then. */
  async read(): Promise<void> {
    const { local, clock, membership } = this.surroundings;
    const here = local.network(this.id);
    if (here === undefined) return;
    const network = this.view.records.at(this.keys.network(here.network.name))?.value;
    const host = this.view.records.at(this.keys.host(membership.host))?.value;
    if (await this.view.read(placesOf(this.keys, here.network))) {
      this.kept = { peers: byId(local.peers(this.id)), until: clock.now() + GRACE };
      this.lost = { network, host };
    }
    this.synced = { revision: this.view.records.revision, synced: new Date().toISOString() };
    this.peers.forget();
  }

  /** Takes changes over and calls `tell` after each, until `signal` is aborted or the state cannot be watched. */
  async watch(signal: AbortSignal, tell: () => void): Promise<void> {
    const { local, membership } = this.surroundings;
    const here = local.network(this.id);
    if (here === undefined) return;
    const own = this.keys.host(membership.host);
    await this.view.watch(placesOf(this.keys, here.network), signal, (changes) => {
      if (changes.some(({ key, value }) => key === own && value === undefined)) local.noteRemoval(membership.epoch);
      tell();
    });
  }

  /** Brings peers in line with what is known, calls `followed`, and writes what this host has. False: there is more to do. */
  async settle(followed: () => void): Promise<boolean> {
    const { local } = this.surroundings;
    const here = local.network(this.id);
    if (here === undefined) return true;
    const gone = this.absence(here);
    const { peers, ignored } =
      this.shared === undefined
        ? { peers: local.peers(this.id), ignored: new Map() }
        : peersOf(this.view.contents(placesOf(this.keys, here.network)), here, this.shared.subnets);
    const failure = await this.peers.become(this.withLost(byId(peers))).catch((error: unknown) => ({ error }));
    if (failure === undefined) followed();
    const { isSettled, conflicts } =
      gone === undefined ? await this.offer(here) : { isSettled: true, conflicts: [gone] };
    if (failure !== undefined) throw failure.error;
    const troubles = troublesOf({ conflicts, ignored, cutShort: this.view.records.cutShort });
    if (this.synced !== undefined) this.note({ ...this.synced, troubles });
    return isSettled;
  }

  /** Notes that the state cannot be followed at present. */
  fail(trouble: string): void {
    if (this.notes !== undefined) this.note({ ...this.notes, troubles: [trouble] });
  }

  /** Keeps in mind what the network's record says. Returns, as a sentence, that the cluster has no such network any more. */
  private absence({ network, endpoints }: LocalNetwork): string | undefined {
    const text = this.view.records.at(this.keys.network(network.name))?.value;
    const record = text === undefined ? undefined : readRecord(text, readNetworkRecord);
    if (record !== undefined && "value" in record && record.value.id === network.id) {
      this.shared = record.value;
      this.removal = undefined;
      return undefined;
    }
    if (this.lost?.network !== undefined) return undefined;
    this.removeWhereUnused(endpoints.length > 0);
    const { cluster } = this.surroundings.membership;
    return `network "${network.name}" is not in cluster ${cluster} any more, and this host still has it: tsd network rm ${network.name}`;
  }

  private removeWhereUnused(isUsed: boolean): void {
    const now = this.surroundings.clock.now();
    this.removal = isUsed ? undefined : (this.removal ?? now + REMOVAL);
    if (this.removal === undefined || this.removal > now) return;
    this.removal = now + RETRY;
    this.surroundings.removeNetwork(this.id);
  }

  /** With what a state that was put back does not know yet, until its hosts have had the time to write it again. */
  private withLost(wanted: KnownPeers): KnownPeers {
    if (this.kept !== undefined && this.kept.until <= this.surroundings.clock.now()) this.kept = undefined;
    return this.kept === undefined ? wanted : keeping(this.kept.peers, wanted);
  }

  private async offer(
    here: LocalNetwork,
  ): Promise<{ readonly isSettled: boolean; readonly conflicts: readonly string[] }> {
    const { membership, version, state, local } = this.surroundings;
    const { records } = this.view;
    const standing = standingOf(membership, records.at(this.keys.host(membership.host))?.value);
    if (standing.is === "removed") local.noteRemoval(membership.epoch);
    if (standing.is === "removed" || standing.is === "another") return { isSettled: true, conflicts: [standing.why] };
    if (standing.is === "absent" && local.isRemoved(membership.epoch))
      return { isSettled: true, conflicts: [removedHost(membership)] };
    const { keys, lost } = this;
    const { change, conflicts } = offerOf({ keys, records, membership, local: here, version, lost });
    if (change === undefined) {
      this.lost = undefined;
      return { isSettled: true, conflicts };
    }
    const outcome = await state.commit(change);
    if (outcome.committed) this.view.takeOwn(change, outcome.revision);
    return { isSettled: false, conflicts };
  }

  private note(notes: NetworkNotes): void {
    if (JSON.stringify(notes) === JSON.stringify(this.notes)) return;
    this.notes = notes;
    this.surroundings.local.note(this.id, notes);
  }
}
