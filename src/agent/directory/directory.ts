import type { HostPeer, Peer } from "../../api/index.js";
import type { Keys } from "../../cluster/records/keys.js";
import { isName, readEndpoint, readName } from "../../cluster/records/values.js";
import type { ClusterState, ElsewhereQuestion, FoundElsewhere, NetworkRecord } from "../../contracts/index.js";
import { hostPeerId } from "../../contracts/peer-id.js";
import { readAddress } from "../../ipam/address.js";
import { cidrAround, formatCidr, holds, readCidr } from "../../ipam/cidr.js";
import { endpointPeers } from "../peers/endpoint-peers.js";
import { networkBounds } from "../peers/network-bounds.js";
import type { LocalNetwork } from "../records/local-network.js";
import type { NetworkView } from "../records/network-view.js";
import { readRecord } from "../records/read-record.js";
import { placesOf } from "../records/record-places.js";
import type { NetworkRecords, SharedRecord } from "../records/shared-records.js";
import { type Known, knownBefore } from "./known-before.js";

/** Endpoints of one name: containers that share an alias. */
const MOST_NAMED = 128;
/** Endpoints of one host, among which one has an address. */
const MOST_OF_HOST = 1000;
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

interface Place {
  readonly prefix: string;
  readonly most: number;
  /** Where the prefix does not say it, a key begins with the name of a host. */
  readonly host?: string;
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
    const found = await this.readAt(this.placeOf(question, followed), question, followed);
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

  private async readAt(
    place: Place | undefined,
    question: ElsewhereQuestion,
    followed: Followed,
  ): Promise<FoundElsewhere> {
    if (place === undefined) return { endpoints: [], total: 0 };
    const { records, total } = await this.parts.state.read(place.prefix, place.most);
    const below = records.map(({ key, ...record }) => [key.slice(place.prefix.length), record] as const);
    const endpoints = judge(below, place.host, followed).filter((peer) => isMeant(question, peer));
    return { endpoints, total: "first" in question ? total : endpoints.length };
  }

  /** Undefined where there can be none. */
  private placeOf(question: ElsewhereQuestion, { local, records, subnets }: Followed): Place | undefined {
    const { keys } = this.parts;
    const { id } = local.network;
    if ("first" in question) return { prefix: keys.listed(id), most: question.first };
    if ("name" in question)
      return isName(question.name) ? { prefix: keys.named(id, question.name), most: MOST_NAMED } : undefined;
    const host = holderOf(question.address, subnets, records);
    return host === undefined || host === local.network.cluster.host
      ? undefined
      : { prefix: keys.listedOn(id, host), most: MOST_OF_HOST, host };
  }
}

function notRead(): Error {
  return new Error("the cluster's state was not read yet");
}

/** The host of the block that holds the address. */
function holderOf(
  text: string,
  subnets: NetworkRecord["subnets"],
  { blocks }: Pick<NetworkRecords, "blocks">,
): string | undefined {
  const address = readAddress(text);
  if (address === undefined) return undefined;
  const subnet = subnets.find(({ cidr }) => {
    const parsed = readCidr(cidr)?.cidr;
    return parsed !== undefined && holds(parsed, address);
  });
  const block = subnet && formatCidr(cidrAround(address, subnet.blockPrefix)).replace("/", "_");
  const holder = readRecord(blocks.get(block ?? "")?.value ?? "", readName);
  return "fault" in holder ? undefined : holder.value;
}

function judge(
  below: readonly (readonly [rest: string, record: SharedRecord])[],
  host: string | undefined,
  { local, records, peers, subnets }: Followed,
): FoundElsewhere["endpoints"] {
  const written = new Map<string, { readonly peer: HostPeer; readonly endpoints: Map<string, SharedRecord> }>();
  for (const [rest, record] of below) {
    const [name = "", id = ""] = host === undefined ? rest.split("/") : [host, rest];
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

function isMeant(question: ElsewhereQuestion, { names, addresses }: FoundElsewhere["endpoints"][number]): boolean {
  if ("first" in question) return true;
  if ("address" in question) return addresses.includes(question.address);
  const wanted = question.name.toLowerCase();
  return names.some((name) => name.toLowerCase() === wanted);
}
