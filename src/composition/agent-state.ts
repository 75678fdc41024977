import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Changeable } from "../agent/records/changeable.js";
import type { LocalEndpoint, LocalNetwork } from "../agent/records/local-network.js";
import type { LocalState } from "../agent/surroundings.js";
import { withoutPrefix } from "../api/index.js";
import type { AgentNotes } from "../contracts/agent-notes.js";
import type { EndpointRow, Membership, NetworkRow } from "../contracts/index.js";
import { loseBlocks } from "../engine/plan/cluster-place.js";
import { keepAgentNotes, readAgentNotes } from "../engine/rows/agent-notes.js";
import { listNotes } from "../engine/rows/cluster-notes.js";
import { shortId } from "../engine/rows/identifiers.js";
import { isStretched } from "../engine/rows/is-stretched.js";
import { readMembership } from "../engine/rows/membership.js";
import { adoptRecord } from "../engine/rows/shared-network.js";
import { LeaseBook } from "../ipam/lease-book.js";
import { PrivateKeys } from "../kernel/wireguard/private-keys.js";
import { StoreReader } from "../store/open-reader.js";
import { openStore } from "../store/open-store.js";
import type { SqliteStore } from "../store/sqlite-store.js";
import { VERSION } from "../version.js";
import { keysBelow } from "./wireguard-keys.js";

/** Milliseconds in which a file can change once more without another time of change. */
const FRESH = 1000;

/** This host's own state as the agent reads it. It is open while it is asked; what the agent notes is written in a moment of its own. */
export class AgentState implements LocalState {
  private readonly reader: StoreReader;
  private readonly keys: PrivateKeys;
  private memberAt: { readonly version: string; readonly is: boolean } | undefined;

  constructor(private readonly path: string) {
    this.reader = new StoreReader(path, { tsdVersion: VERSION });
    this.keys = new PrivateKeys(keysBelow(dirname(path)));
  }

  /** Ids of networks that a row says are to be followed. */
  subjects(): readonly string[] {
    return this.reader.networks
      .list()
      .filter(isFollowed)
      .map(({ id }) => id);
  }

  membership(): Membership | undefined {
    return readMembership(this.reader);
  }

  /** Read again when the state has changed. */
  isMember(): boolean {
    const version = this.version();
    if (version !== this.memberAt?.version) this.memberAt = { version, is: this.membership() !== undefined };
    return this.memberAt.is;
  }

  network(id: string): LocalNetwork | undefined {
    const row = this.reader.networks.get(id);
    if (row === undefined || !isFollowed(row) || row.network.cluster === undefined) return undefined;
    const { cluster, ...network } = row.network;
    const rows = this.reader.endpoints.ofNetwork(id).filter(({ state }) => state !== "deleting");
    const publicKey = cluster.wireguard && this.keys.findPublic({ network: id, ...cluster.wireguard });
    return {
      network: { ...network, cluster },
      endpoints: rows.map((endpoint) => this.endpointOf(endpoint)),
      isStretched: isStretched(row),
      noted: listNotes(this.reader).flatMap((note) => (note.of === "address" && note.id === id ? note.address : [])),
      ...(cluster.wireguard === undefined || publicKey === undefined
        ? {}
        : { wireguard: { publicKey, port: cluster.wireguard.port } }),
    };
  }

  /**
   * By the files alone: it is asked twice a second for as long as the agent lives. What was written just now may go on changing.
   * A key that is drawn again changes the directory of keys alone.
   */
  version(): string {
    const files = [this.path, `${this.path}-wal`, this.keys.directory];
    const looks = files.map((file) => statSync(file, { throwIfNoEntry: false }));
    const known = looks.map((look) => `${look?.ino}:${look?.size}:${look?.mtimeMs}`);
    const now = Date.now();
    return looks.some((look) => look !== undefined && Math.abs(now - look.mtimeMs) < FRESH)
      ? `${now}`
      : known.join(" ");
  }

  isUsed(): boolean {
    return this.reader.isUsed();
  }

  isThere(): boolean {
    return this.reader.isThere();
  }

  close(): void {
    this.reader.close();
  }

  peers(networkId: string) {
    return this.reader.peers.ofNetwork(networkId).map(({ peer }) => peer);
  }

  notes(networkId: string) {
    return this.read().networks[networkId];
  }

  note(networkId: string, notes: AgentNotes["networks"][string]): void {
    this.writeNotes(({ networks, ...rest }) => ({ ...rest, networks: { ...networks, [networkId]: notes } }));
  }

  loseBlocks(networkId: string, lost: readonly string[]): void {
    this.write((store) => loseBlocks({ store, addressBook: new LeaseBook(store.leases) }, networkId, lost));
  }

  adopt(networkId: string, news: Changeable): void {
    this.write((store) => adoptRecord(store, networkId, news));
  }

  isRemoved(epoch: string): boolean {
    return this.read().removed === epoch;
  }

  noteRemoval(epoch: string): void {
    if (!this.isRemoved(epoch)) this.writeNotes((notes) => ({ ...notes, removed: epoch }));
  }

  private endpointOf({ endpoint, containerId }: EndpointRow): LocalEndpoint {
    const { id, mac, addresses, aliases = [] } = endpoint;
    const name = containerId === undefined ? undefined : this.reader.containers.outline(containerId)?.container.name;
    const names = [...(name === undefined ? [] : [name]), ...aliases, shortId(containerId ?? id)];
    return { id, mac, addresses: addresses.map(withoutPrefix), names: [...new Set(names)] };
  }

  private read(): AgentNotes {
    return readAgentNotes(this.reader);
  }

  private writeNotes(change: (notes: AgentNotes) => AgentNotes): void {
    this.write((store) => keepAgentNotes(store, change(readAgentNotes(store))));
  }

  /** A power cut may lose it, so nothing waits for the disk. */
  private write(change: (store: SqliteStore) => void): void {
    const store = openStore(this.path, { tsdVersion: VERSION, mayBegin: false });
    try {
      store.unsyncedTransaction(() => change(store));
    } finally {
      store.close();
    }
  }
}

function isFollowed({ state, resources, network }: NetworkRow): boolean {
  return state !== "deleting" && resources.some((one) => one.kind === "membership" && one.network === network.id);
}
