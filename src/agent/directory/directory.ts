import type { HostPeer, Peer } from "../../api/index.js";
import type { Keys } from "../../cluster/records/keys.js";
import { isName, readEndpoint, readName } from "../../cluster/records/values.js";
import type {
  ClusterRecord,
  ClusterState,
  ElsewhereQuestion,
  FoundElsewhere,
  NetworkRecord,
} from "../../contracts/index.js";
import { hostPeerId } from "../../contracts/peer-id.js";
import { type Address, formatAddress, readAddress } from "../../ipam/address.js";
import { cidrAround, formatCidr, holds, readCidr } from "../../ipam/cidr.js";
import { endpointPeers } from "../peers/endpoint-peers.js";
import { networkBounds } from "../peers/network-bounds.js";
import type { LocalNetwork } from "../records/local-network.js";
import type { NetworkView } from "../records/network-view.js";
import { readRecord } from "../records/read-record.js";
import { placesOf } from "../records/record-places.js";
import type { NetworkRecords, SharedRecord } from "../records/shared-records.js";
import { type Known, knownBefore } from "./known-before.js";
import { MOST_OF_HOST, readShared } from "./shared-reading.js";

const NONE: FoundElsewhere = { endpoints: [], total: 0 };

/** Questions to the cluster's state at once. */
const MOST_ASKED = 128;

interface Parts {
  readonly state: Pick<ClusterState, "read">;
  readonly keys: Keys;
  /** This host's own state. */
  readonly local: {
    /** Undefined for a network that is not here. */
    network(id: string): LocalNetwork | undefined;
    /** Peers that it has, as its rows say. */
    peers(networkId: string): readonly Peer[];
  };
}

/** What the follower of the network has read. */
interface Current extends Omit<Known, "records"> {
  readonly view: Pick<NetworkView, "contents">;
}

interface Followed extends Known {
  readonly local: LocalNetwork;
  /** False: of an earlier process, and more may be there by now. */
  readonly isCurrent: boolean;
}

/**
 * Endpoints of other hosts that no host watches, found when they are asked for. A record counts for the host that its key has, and is
 * judged as those that are watched: a host has a say about addresses of its own blocks alone.
 */
export class Directory {
  private readonly asked = new Map<string, Promise<FoundElsewhere>>();

  private before: Known | undefined;

  /** `current` returns undefined until the cluster's state was read. */
  constructor(
    private readonly parts: Parts,
    private readonly id: string,
    private readonly current: () => Current | undefined,
  ) {}

  /** One question is asked once at a time, for all that wait. Throws where there are too many, and where the state does not reply. */
  async find(question: ElsewhereQuestion): Promise<FoundElsewhere> {
    const key = JSON.stringify(question);
    const underway = this.asked.get(key);
    if (underway !== undefined) return await underway;
    if (this.asked.size >= MOST_ASKED) throw new Error("the cluster's state is asked for too much at once");
    const finding = this.read(question).finally(() => this.asked.delete(key));
    this.asked.set(key, finding);
    return await finding;
  }

  private async read(question: ElsewhereQuestion): Promise<FoundElsewhere> {
    const followed = this.followed();
    if (followed === undefined) throw notRead();
    const found = await this.readAt(question, followed);
    // A host that is not known yet may have it.
    if (!followed.isCurrent && found.endpoints.length === 0) throw notRead();
    return found;
  }

  private followed(): Followed | undefined {
    const { local: own, keys } = this.parts;
    const local = own.network(this.id);
    if (local === undefined) return undefined;
    const current = this.current();
    // There may be very many, and they are read for the first minutes at most.
    this.before = current === undefined ? (this.before ?? knownBefore(local, own.peers(this.id))) : undefined;
    if (current === undefined) return this.before && { ...this.before, local, isCurrent: false };
    const { view, ...known } = current;
    return { ...known, records: view.contents(placesOf(keys, local.network)), local, isCurrent: true };
  }

  private readAt(question: ElsewhereQuestion, followed: Followed): Promise<FoundElsewhere> {
    if ("first" in question) return this.first(question.first, followed);
    return "name" in question ? this.named(question.name, followed) : this.addressed(question.address, followed);
  }

  private async first(most: number, followed: Followed): Promise<FoundElsewhere> {
    const prefix = this.parts.keys.listed(this.id);
    const { records, total } = await this.parts.state.read(prefix, most);
    return { endpoints: judge(records.map(placed(prefix)), followed), total };
  }

  private async named(name: string, followed: Followed): Promise<FoundElsewhere> {
    if (!isName(name)) return NONE;
    const prefix = this.parts.keys.named(this.id, name);
    const { peers } = followed;
    const { records, isWhole } = await readShared(this.parts.state, prefix, {
      has: (host) => peers.has(hostPeerId(this.id, host)),
      all: () => hostsAmong(peers.values()),
    });
    const wanted = name.toLowerCase();
    const endpoints = judge(records.map(placed(prefix)), followed).filter(({ names }) =>
      names.some((one) => one.toLowerCase() === wanted),
    );
    return among(endpoints, isWhole);
  }

  private async addressed(text: string, followed: Followed): Promise<FoundElsewhere> {
    const { local, records: known, subnets } = followed;
    const address = readAddress(text);
    const host = address && holderOf(address, subnets, known);
    if (address === undefined || host === undefined || host === local.network.cluster.host) return NONE;
    const written = formatAddress(address);
    const prefix = this.parts.keys.addressed(this.id, written, host);
    const { records, total } = await this.parts.state.read(prefix, MOST_OF_HOST);
    const placed = records.map(({ key, ...record }): Placed => ({ host, id: key.slice(prefix.length), record }));
    const endpoints = judge(placed, followed).filter(({ addresses }) => addresses.includes(written));
    return among(endpoints, total <= records.length);
  }
}

/** A record in the directory, under the name of its host. */
interface Placed {
  readonly host: string;
  readonly id: string;
  readonly record: SharedRecord;
}

/** Throws where there may be others than those that are of no use: what may be there is not denied. */
function among(endpoints: FoundElsewhere["endpoints"], isWhole: boolean): FoundElsewhere {
  if (endpoints.length === 0 && !isWhole) throw new Error("more records are written there than are read");
  return { endpoints, total: endpoints.length };
}

function placed(prefix: string): (record: ClusterRecord) => Placed {
  return ({ key, ...record }) => {
    const [host = "", ...id] = key.slice(prefix.length).split("/");
    return { host, id: id.join("/"), record };
  };
}

function* hostsAmong(peers: Iterable<Peer>): Generator<string> {
  for (const peer of peers) if (peer.kind === "host") yield peer.host;
}

function notRead(): Error {
  return new Error("the cluster's state was not read yet");
}

/** The host of the block that holds the address. */
function holderOf(
  address: Address,
  subnets: NetworkRecord["subnets"],
  { blocks }: Pick<NetworkRecords, "blocks">,
): string | undefined {
  const subnet = subnets.find(({ cidr }) => {
    const parsed = readCidr(cidr)?.cidr;
    return parsed !== undefined && holds(parsed, address);
  });
  const block = subnet && formatCidr(cidrAround(address, subnet.blockPrefix)).replace("/", "_");
  const holder = readRecord(blocks.get(block ?? "")?.value ?? "", readName);
  return "fault" in holder ? undefined : holder.value;
}

function judge(placed: readonly Placed[], { local, records, peers, subnets }: Followed): FoundElsewhere["endpoints"] {
  const written = new Map<string, { readonly peer: HostPeer; readonly endpoints: Map<string, SharedRecord> }>();
  for (const { host: name, id, record } of placed) {
    const read = readRecord(record.value, readEndpoint);
    const peer = peers.get(hostPeerId(local.network.id, name));
    if (peer?.kind !== "host" || "fault" in read || read.value.host !== name) continue;
    const { endpoints } = written.get(name) ?? { endpoints: new Map() };
    written.set(name, { peer, endpoints: endpoints.set(id, record) });
  }
  const bounds = networkBounds(local, subnets);
  const { blocks, held } = records;
  // Each host alone: one that has an id or a MAC address of another's takes nothing from it.
  return [...written].flatMap(([name, { peer, endpoints }]) =>
    endpointPeers({ endpoints, blocks, held }, { bounds, hosts: new Map([[name, peer]]) }, new Map()),
  );
}
