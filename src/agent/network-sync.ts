import { Keys } from "../cluster/records/keys.js";
import { readNetworkRecord } from "../cluster/records/values.js";
import type { NetworkNotes, NetworkRecord } from "../contracts/index.js";
import { Directory } from "./directory/directory.js";
import { LocalNotes } from "./local-notes.js";
import { OfferPace } from "./offer-pace.js";
import { lostBlocks } from "./own/lost-blocks.js";
import { offerOf } from "./own/offer.js";
import type { LostRecords } from "./own/offer-input.js";
import { removedHost, type Standing, standingOf } from "./own/standing.js";
import { backOff, RETRY } from "./pace.js";
import { PeerRecord } from "./peer-record.js";
import { byId, type KnownPeers, keeping } from "./peers/peer-diff.js";
import { PeerView } from "./peers/peer-view.js";
import type { LocalNetwork } from "./records/local-network.js";
import { NetworkView } from "./records/network-view.js";
import { readRecord } from "./records/read-record.js";
import { placesOf } from "./records/record-places.js";
import { Schedule } from "./schedule.js";
import type { Surroundings } from "./surroundings.js";
import { troublesOf } from "./troubles.js";
import { wordsOf } from "./words-of.js";

/** Milliseconds for other hosts to write again what a cluster's state lost when it was put back from a backup. */
const GRACE = 60_000;
/** Milliseconds for the command that removed a network from the cluster to remove it here too. */
const REMOVAL = 5000;
/** Milliseconds between two comparisons of all peers with what there is, although nothing says that they differ. */
const HOUR = 3_600_000;
/** Milliseconds between two notes of the revision that was seen, and between two readings of more than this host keeps. */
const MINUTE = 60_000;

interface Outcome {
  /** False: there is more to do. */
  readonly isSettled: boolean;
  /** Sentences. */
  readonly conflicts: readonly string[];
}

/**
 * One network here, and what the cluster's state says of it: settles both sides. It compares states and counts no events, so it makes no
 * difference how often it settles, nor which process did before.
 */
export class NetworkSync {
  readonly peers: PeerRecord;
  readonly directory: Directory;
  private readonly keys: Keys;
  private readonly view: NetworkView;
  private shared: NetworkRecord | undefined;
  private lost: LostRecords | undefined;
  private wasPutBack = false;
  /** Peers of before the state was put back. */
  private kept: KnownPeers | undefined;
  private readonly judged = new PeerView();
  /** The last time peers became what was judged, and nothing else. */
  private isInLine = false;
  private readonly schedule: Schedule<
    "grace" | "removal" | "peers" | "offer" | "note" | "blocks" | "record" | "revision" | "reading" | "comparison"
  >;
  private readonly pace: OfferPace;
  /** Times in a row that peers could not all be made. */
  private failures = 0;
  private readonly notes: LocalNotes;
  private synced: Omit<NetworkNotes, "troubles"> | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly id: string,
    private readonly signal: AbortSignal,
  ) {
    const { membership, local, peers, state, clock } = surroundings;
    this.schedule = new Schedule(clock);
    this.pace = new OfferPace(clock);
    this.keys = new Keys(membership.cluster);
    this.peers = new PeerRecord({ changer: peers, present: () => local.peers(id) }, id, signal);
    this.notes = new LocalNotes(local, id, this.schedule);
    this.directory = new Directory({ state, local, keys: this.keys }, id, () => {
      return this.shared && { view: this.view, peers: this.judged.peers, subnets: this.shared.subnets };
    });
    this.view = new NetworkView({ state, membership, keys: this.keys }, this.notes.last?.revision ?? 0);
  }

  /** Whether this host has followed the network before, in this process or in one before it. */
  get wasFollowed(): boolean {
    return this.notes.last !== undefined;
  }

  get hasRead(): boolean {
    return this.synced !== undefined;
  }

  /** Milliseconds after which to settle although nothing is new; undefined for none. */
  get pause(): number | undefined {
    return this.schedule.pause;
  }

  /** Reads all that the state has. Throws where that cannot be had; nothing is given up then. */
  async read(): Promise<void> {
    const { local, membership } = this.surroundings;
    const here = local.network(this.id);
    if (here === undefined) return;
    const network = this.view.records.at(this.keys.network(here.network.name))?.value;
    const host = this.view.records.at(this.keys.host(membership.host))?.value;
    if (await this.view.read(placesOf(this.keys, here.network))) {
      this.kept = byId(local.peers(this.id));
      this.schedule.plan("grace", GRACE);
      this.lost = { network, host };
      this.wasPutBack = true;
      this.pace.forget();
    }
    this.synced = { revision: this.view.seen, synced: new Date().toISOString() };
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

  /**
   * Brings peers in line with what is known, and writes what this host has. Calls `followed` once peers are in line, or it is noted
   * what is in their way. Throws what the state refused. False: there is more to do.
   */
  async settle(followed: () => void): Promise<boolean> {
    const { local } = this.surroundings;
    if (this.schedule.isTime("reading", this.isCutShort, MINUTE)) await this.read();
    const here = local.network(this.id);
    if (here === undefined) {
      this.schedule.clear();
      return true;
    }
    const gone = this.absence(here);
    if (this.schedule.isTime("comparison", true, HOUR)) await this.compareAll(here);
    const { wanted, ignored, ids } = this.judge(here);
    const refusals = await this.bring(wanted, ids);
    if (refusals.length === 0) followed();
    const isPaused = this.schedule.isAhead("offer");
    const { isSettled, conflicts } =
      gone === undefined ? await this.offer(isPaused) : { isSettled: true, conflicts: [gone] };
    if (this.signal.aborted) return true;
    const troubles = troublesOf({ conflicts, ignored, cutShort: this.view.cutShort });
    this.noteAll([...refusals, ...troubles]);
    followed();
    return isSettled;
  }

  /** Notes what was last seen, for the next process. */
  end(): void {
    if (this.isHere()) this.notes.change({ revision: this.view.seen });
  }

  /** Notes that the state cannot be followed at present. */
  fail(trouble: string): void {
    this.notes.change({ troubles: [trouble] });
  }

  /** Keeps in mind what the network's record says. Returns, as a sentence, that the cluster has no such network any more. */
  private absence(here: LocalNetwork): string | undefined {
    const { network, endpoints } = here;
    const found = this.view.records.at(this.keys.network(network.name));
    const record = found === undefined ? undefined : readRecord(found.value, readNetworkRecord);
    const { cluster } = this.surroundings.membership;
    if (record !== undefined && "fault" in record) {
      this.schedule.forget("removal");
      return `the record of network "${network.name}" in cluster ${cluster} is of no use: ${record.fault}`;
    }
    if (record?.value.id === network.id) {
      this.shared = record.value;
      this.notes.adopt(here, { value: record.value, modified: found?.modified ?? 0 }, this.wasPutBack);
      this.schedule.forget("removal");
      return undefined;
    }
    const isLost = this.lost?.network !== undefined;
    if (this.schedule.isTime("removal", !isLost && endpoints.length === 0, REMOVAL, RETRY))
      this.surroundings.removeNetwork(this.id);
    if (isLost) return undefined;
    return `network "${network.name}" is not in cluster ${cluster} any more, and this host still has it: tsd network rm ${network.name}`;
  }

  private async compareAll(here: LocalNetwork): Promise<void> {
    this.judged.forget();
    this.peers.forget();
    await this.view.readListed(placesOf(this.keys, here.network));
  }

  /** `ids`: of peers that may differ from the last time; undefined: any. */
  private judge(here: LocalNetwork): {
    readonly wanted: KnownPeers;
    readonly ids: ReadonlySet<string> | undefined;
    readonly ignored: ReadonlyMap<string, string>;
  } {
    const { judged, shared } = this;
    const places = placesOf(this.keys, here.network);
    const touched = judged.follow({
      records: this.view.contents(places),
      changed: this.view.changes(places),
      local: here,
      subnets: shared?.subnets ?? [],
    });
    const peers = shared === undefined ? byId(this.surroundings.local.peers(this.id)) : judged.peers;
    const wanted = this.withKept(peers);
    const wasInLine = this.isInLine;
    this.isInLine = wanted === judged.peers;
    return {
      wanted,
      ids: wasInLine && this.isInLine ? touched : undefined,
      ignored: shared === undefined ? new Map() : judged.ignored,
    };
  }

  /** More was written than this host keeps: what it does not know may be there all the same. */
  private get isCutShort(): boolean {
    return this.view.cutShort.length > 0;
  }

  private isHere(): boolean {
    try {
      return this.surroundings.local.network(this.id) !== undefined;
    } catch {
      return false;
    }
  }

  /**
   * With what is to stay although it is not known: what a state that was put back does not know yet, until its hosts have had the time
   * to write it again; all that there is where more was written than this host keeps.
   */
  private withKept(wanted: KnownPeers): KnownPeers {
    if (!this.schedule.isAhead("grace")) this.kept = undefined;
    const kept = this.isCutShort ? byId(this.surroundings.local.peers(this.id)) : this.kept;
    return kept === undefined ? wanted : keeping(kept, wanted);
  }

  /** Returns, as sentences, what could not be done; it is tried again. */
  private async bring(wanted: KnownPeers, ids: ReadonlySet<string> | undefined): Promise<readonly string[]> {
    const isFirst = this.failures === 0;
    const isDue = !isFirst && !this.schedule.isAhead("peers");
    if (isDue) this.peers.forget();
    const refusals = await this.peers.become(wanted, ids);
    if (refusals.length === 0) {
      this.schedule.forget("peers");
      this.failures = 0;
    } else if (isFirst || isDue) {
      this.failures++;
      this.schedule.plan("peers", backOff(this.failures, this.surroundings.clock.random()));
    }
    return [...new Set(refusals.map((refusal) => wordsOf(refusal).message))];
  }

  /** By what this host has now: much may have changed while peers were brought in line. */
  private async offer(isPaused: boolean): Promise<Outcome> {
    const { membership, version, state, local } = this.surroundings;
    const { records } = this.view;
    const here = local.network(this.id);
    if (here === undefined || this.signal.aborted || this.isCutShort) return { isSettled: true, conflicts: [] };
    const standing = standingOf(membership, records.at(this.keys.host(membership.host))?.value);
    const why = this.excluded(standing);
    const { keys, lost } = this;
    const stated = this.judged.endpointsOf(membership.host);
    const input = { keys, records, membership, local: here, stated, version, lost };
    this.notes.lose(here, why === undefined ? lostBlocks(input) : here.network.cluster.blocks);
    if (why !== undefined) return { isSettled: true, conflicts: [why] };
    const { change, conflicts } = offerOf(input);
    if (change === undefined) {
      this.lost = undefined;
      return { isSettled: true, conflicts };
    }
    if (isPaused) return { isSettled: true, conflicts };
    const outcome = await state.commit(change);
    if (outcome.committed) this.view.takeOwn(change, outcome.revision);
    const pause = this.pace.pauseAfter(change, outcome.committed);
    if (pause > 0) this.schedule.plan("offer", pause);
    return { isSettled: false, conflicts };
  }

  /** Returns, as a sentence, that the cluster has this host no more. */
  private excluded(standing: Standing): string | undefined {
    const { membership, local } = this.surroundings;
    const { epoch } = membership;
    if (standing.is === "removed") local.noteRemoval(epoch);
    if ("why" in standing) return standing.why;
    return standing.is === "absent" && local.isRemoved(epoch) ? removedHost(membership) : undefined;
  }

  private noteAll(troubles: readonly string[]): void {
    if (this.synced === undefined) return;
    const { seen } = this.view;
    if (this.schedule.isTime("revision", seen !== this.synced.revision, MINUTE))
      this.synced = { ...this.synced, revision: seen };
    this.notes.keep({ ...this.synced, troubles });
  }
}
