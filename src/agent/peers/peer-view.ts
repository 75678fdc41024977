import type { Peer } from "../../api/index.js";
import type { NetworkRecord } from "../../contracts/index.js";
import { endpointPeerId, hostPeerId } from "../../contracts/peer-id.js";
import type { LocalNetwork } from "../records/local-network.js";
import type { ChangedRecords, NetworkRecords, Records, SharedRecord } from "../records/shared-records.js";
import type { KnownPeers } from "./peer-diff.js";
import { peersOf } from "./peers-of.js";
import { type BlockSizes, blockSizes, hostTie, tiesOf } from "./record-ties.js";
import { Ties } from "./ties.js";

const PLACES = ["hosts", "members", "blocks", "endpoints", "held"] as const satisfies readonly (keyof NetworkRecords)[];

type Place = (typeof PLACES)[number];

export interface Followed {
  readonly records: NetworkRecords;
  /** Since the last time. */
  readonly changed: ChangedRecords;
  readonly local: LocalNetwork;
  readonly subnets: NetworkRecord["subnets"];
}

/**
 * What {@link peersOf} makes of all records of a network, kept up to date at the cost of what changed: only records that a change can
 * have a part in are judged again, and by the same function. Keys are `PLACE/NAME`.
 */
export class PeerView {
  private readonly ties = new Ties();
  private readonly found = new Map<string, Peer>();
  private readonly faults = new Map<string, string>();
  /** All of this host's own that is not in `own`. */
  private frame = "";
  private own: ReadonlySet<string> = new Set();

  get peers(): KnownPeers {
    return this.found;
  }

  /** See {@link Judgement}. */
  get ignored(): ReadonlyMap<string, string> {
    return this.faults;
  }

  /** Has the next time judge all again. */
  forget(): void {
    this.frame = "";
  }

  /** Returns ids of peers that may have come, changed or gone; undefined: any. */
  follow(followed: Followed): ReadonlySet<string> | undefined {
    const { local, subnets, changed } = followed;
    const frame = JSON.stringify([local.network, local.wireguard, subnets]);
    const own = new Set(local.endpoints.flatMap(({ id, mac, addresses }) => [id, mac, ...addresses]));
    const isKnown = frame === this.frame && PLACES.every((place) => changed[place] !== undefined);
    // What fails in between is done as a whole.
    this.frame = "";
    const touched = isKnown ? this.update(followed, own) : this.judgeAll(followed);
    this.own = own;
    this.frame = frame;
    return touched;
  }

  /** Ids of endpoints that are said to be on that host. */
  endpointsOf(host: string): readonly string[] {
    const keys = this.ties.having(hostTie(host)).map(parse);
    return keys.flatMap(([place, name]) => (place === "endpoints" ? [name] : []));
  }

  private judgeAll({ records, local, subnets }: Followed): undefined {
    const sizes = sizesOf(local, subnets);
    this.ties.clear();
    this.found.clear();
    this.faults.clear();
    for (const place of PLACES)
      for (const [name, record] of records[place])
        this.ties.set(`${place}/${name}`, tiesOf(place, name, record, sizes));
    this.take(peersOf(records, local, subnets));
  }

  private update({ records, changed, local, subnets }: Followed, own: ReadonlySet<string>): ReadonlySet<string> {
    const sizes = sizesOf(local, subnets);
    const keys = PLACES.flatMap((place) => [...(changed[place] ?? [])].map((name) => `${place}/${name}`));
    const ownChanges = [...own, ...this.own].filter((one) => !own.has(one) || !this.own.has(one));
    const before = this.ties.around([...keys, ...ownChanges.flatMap((tie) => this.ties.having(tie))]);
    for (const key of keys) {
      const [place, name] = parse(key);
      const record = records[place].get(name);
      this.ties.set(key, record && tiesOf(place, name, record, sizes));
    }
    const concerned = [...this.ties.around(before)].map(parse);
    const touched = new Set<string>();
    for (const [place, name] of concerned) {
      const id = peerId(local.network.id, place, name);
      if (id !== undefined) touched.add(id);
      if (id !== undefined) this.found.delete(id);
      this.faults.delete(`${place}/${name}`);
    }
    this.take(peersOf(only(concerned, records), local, subnets));
    return touched;
  }

  private take({ peers, ignored }: ReturnType<typeof peersOf>): void {
    for (const peer of peers) this.found.set(peer.id, peer);
    for (const [key, fault] of ignored) this.faults.set(key, fault);
  }
}

/** Of subnets that this host has, as in the judgement. */
function sizesOf({ network }: LocalNetwork, subnets: Followed["subnets"]): BlockSizes {
  return blockSizes(subnets.filter(({ cidr }) => network.subnets.some((one) => one.cidr === cidr)));
}

function parse(key: string): readonly [place: Place, name: string] {
  const end = key.indexOf("/");
  return [key.slice(0, end) as Place, key.slice(end + 1)];
}

/** Of the peer that a record makes. */
function peerId(networkId: string, place: Place, name: string): string | undefined {
  if (place === "members") return hostPeerId(networkId, name);
  return place === "endpoints" ? endpointPeerId(networkId, name) : undefined;
}

function only(keys: readonly (readonly [Place, string])[], records: NetworkRecords): NetworkRecords {
  const below = (wanted: Place): Records =>
    new Map(
      keys.flatMap(([place, name]): readonly (readonly [string, SharedRecord])[] => {
        const record = place === wanted ? records[place].get(name) : undefined;
        return record === undefined ? [] : [[name, record]];
      }),
    );
  return {
    hosts: below("hosts"),
    members: below("members"),
    blocks: below("blocks"),
    endpoints: below("endpoints"),
    held: below("held"),
  };
}
