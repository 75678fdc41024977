import { Agent } from "../../../src/agent/agent.js";
import type { Changeable } from "../../../src/agent/records/changeable.js";
import type { LocalEndpoint, LocalNetwork } from "../../../src/agent/records/local-network.js";
import type { Surroundings } from "../../../src/agent/surroundings.js";
import type { Peer } from "../../../src/api/index.js";
import type { Membership, NetworkNotes } from "../../../src/contracts/index.js";
import { FakeClock } from "./fake-clock.js";
import type { MemoryCluster } from "./memory-cluster.js";
import { localNetwork, membership, networkId } from "./networks.js";

/** One host: its own state, kept when its agent dies, and an agent over a cluster. */
export class AgentHost {
  readonly clock = new FakeClock();
  readonly rows = new Map<string, Peer>();
  /** Each change that was made of peers, as `+h2` and `-h2`. */
  readonly log: string[] = [];
  readonly removed: string[] = [];
  membership: Membership = membership;
  endpoints: readonly LocalEndpoint[] = [];
  /** Addresses that commands claim. */
  noted: readonly string[] = [];
  /** Blocks of which no container gets an address. */
  lost: readonly string[] = [];
  /** What its row says of the network that its record says too. */
  shared: Changeable = { labels: {} };
  /** When a command here changed that. */
  recorded: number | undefined;
  network = (): LocalNetwork | undefined => ({
    ...localNetwork(this.endpoints, this.shared, this.lost, this.recorded),
    noted: this.noted,
  });
  /** What the kernel refuses. */
  refused: string | undefined;
  /** Nothing can be noted. */
  isFull = false;
  agent: Agent;
  private changes = 0;
  private readonly book = new Map<string, NetworkNotes>();
  private readonly removals = new Set<string>();

  constructor(private readonly cluster: MemoryCluster) {
    this.agent = this.start();
  }

  /** Another process, which knows what the state knows. */
  start(): Agent {
    this.agent = new Agent({ epoch: () => this.membership.epoch, open: () => this.surroundings() });
    return this.agent;
  }

  /** Serves the network, and returns what a command is told. */
  async begin(): Promise<string | undefined> {
    const begun = this.agent.begin([networkId]);
    await this.clock.pass(1000);
    return (await begun)[0]?.message;
  }

  change(_: string, { put, gone }: { readonly put: readonly Peer[]; readonly gone: readonly string[] }): Promise<void> {
    for (const id of gone) {
      this.log.push(`-${nameOf(this.rows.get(id))}`);
      this.rows.delete(id);
    }
    for (const peer of put.filter((one) => nameOf(one) !== this.refused)) {
      this.log.push(`+${nameOf(peer)}`);
      this.rows.set(peer.id, peer);
    }
    const isRefused = put.some((peer) => nameOf(peer) === this.refused);
    return isRefused ? Promise.reject(new Error(`${this.refused} is refused by the kernel`)) : Promise.resolve();
  }

  follow(networkId: string, peers: readonly Peer[]): Promise<void> {
    const wanted = new Set(peers.map(({ id }) => id));
    return this.change(networkId, {
      put: peers.filter((peer) => JSON.stringify(this.rows.get(peer.id)) !== JSON.stringify(peer)),
      gone: [...this.rows.keys()].filter((id) => !wanted.has(id)),
    });
  }

  /** Changes endpoints as another process would. */
  attach(...endpoints: readonly LocalEndpoint[]): void {
    this.endpoints = endpoints;
    this.changes++;
  }

  version(): unknown {
    return this.changes;
  }

  peers(): readonly Peer[] {
    return [...this.rows.values()];
  }

  get names(): readonly string[] {
    return [...this.rows.values()].map(nameOf).sort();
  }

  notes(id: string): NetworkNotes | undefined {
    return this.book.get(id);
  }

  note(id: string, notes: NetworkNotes): void {
    if (this.isFull) throw new Error("database or disk is full");
    this.book.set(id, notes);
  }

  get troubles(): string {
    return (this.book.get(networkId)?.troubles ?? []).join("\n");
  }

  isRemoved(epoch: string): boolean {
    return this.removals.has(epoch);
  }

  noteRemoval(epoch: string): void {
    this.removals.add(epoch);
  }

  private surroundings(): Surroundings {
    const { cluster, clock, membership } = this;
    return {
      state: cluster.state,
      membership,
      local: {
        network: () => this.network(),
        version: () => this.version(),
        peers: () => this.peers(),
        notes: (id) => this.notes(id),
        note: (id, notes) => this.note(id, notes),
        loseBlocks: (_, lost) => {
          this.lost = lost;
        },
        adopt: (_, news) => {
          if (this.isFull) throw new Error("database or disk is full");
          this.shared = news;
          this.recorded = undefined;
        },
        isRemoved: (epoch) => this.isRemoved(epoch),
        noteRemoval: (epoch) => this.noteRemoval(epoch),
      },
      peers: { follow: (id, peers) => this.follow(id, peers), change: (id, change) => this.change(id, change) },
      removeNetwork: (id) => this.removed.push(id),
      clock,
      version: "0.1.0",
    };
  }
}

function nameOf(peer: Peer | undefined): string {
  if (peer === undefined) return "?";
  return peer.kind === "host" ? peer.host : `${peer.host}/${peer.names.join(",")}`;
}
