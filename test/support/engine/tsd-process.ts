import type { HostSettings, NetworkSpec, Wireguard } from "../../../src/api/index.js";
import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import { composeEngine, type Engine } from "../../../src/composition/compose-engine.js";
import type { ClusterState, Host, Owner } from "../../../src/contracts/index.js";
import { bridge } from "../../../src/drivers/bridge/index.js";
import { namespaces } from "../../../src/drivers/namespace/index.js";
import { overlay } from "../../../src/drivers/overlay/index.js";
import type { Parts } from "../../../src/engine/contracts/parts.js";
import { ResourceApplier } from "../../../src/engine/resources/resource-applier.js";
import { readMembership, requireMembership } from "../../../src/engine/rows/membership.js";
import { LeaseBook } from "../../../src/ipam/lease-book.js";
import { ExtensionCatalogue } from "../../../src/plugins/extension-catalogue.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { plainOverlay } from "../cluster/plain-overlay.js";
import { steppedState } from "../cluster/stepped-state.js";
import { noneElsewhere } from "../cluster-state/none-elsewhere.js";
import type { FakeContainers } from "./fake-containers.js";
import type { FakeIpam } from "./fake-ipam.js";
import type { FakeKernel } from "./fake-kernel.js";
import { fakeRuntime } from "./fake-runtime.js";
import type { ProcessTable } from "./process-table.js";
import { steppedStore } from "./stepped-store.js";
import { Steps } from "./steps.js";
import { unreadFiles } from "./unread-files.js";

/** What processes of one machine share. */
interface Machine {
  readonly processes: ProcessTable;
  readonly kernel: FakeKernel;
  readonly containers: FakeContainers;
  readonly settings: HostSettings;
  readonly ipam: FakeIpam;
  /** Which IPAM driver networks get that ask for none. */
  readonly defaultIpam?: string | undefined;
  /** The state of the cluster, which other machines may share. */
  readonly cluster: ClusterState;
  host(): Host;
  /** To a private key that is drawn at the first question. */
  publicKey(key: Pick<Wireguard, "network" | "generation">): string;
  forget(key: Pick<Wireguard, "network" | "generation">): void;
}

/** One process of tsd: the engine as the composition root builds it, over a world that others share. */
export class TsdProcess {
  readonly steps: Steps;
  readonly owner: Owner;
  readonly networks: Engine["networks"];
  readonly defaultNetwork: Engine["defaultNetwork"];
  readonly endpoints: Engine["endpoints"];
  readonly containers: Engine["containers"];
  readonly recovery: Engine["recovery"];
  readonly renaming: Engine["renaming"];
  readonly adaptations: Engine["adaptations"];
  readonly debts: Engine["debts"];
  readonly peers: Engine["peers"];
  readonly cluster: Engine["cluster"];
  readonly parts: Parts;
  readonly warnings: string[] = [];

  constructor(world: Machine, opened: SqliteStore) {
    this.owner = world.processes.spawn();
    this.steps = new Steps(() => world.processes.end(this.owner.pid));
    const catalogue = new ExtensionCatalogue({
      builtIn: [bridge, namespaces, plainOverlay, overlay],
      given: [],
      installed: () => [],
      ecosystems: [],
    });
    const runtime = fakeRuntime(world.containers, this.steps);
    const parts: Parts = {
      store: steppedStore(opened, this.steps),
      processes: world.processes.seenBy(this.owner),
      applier: new ResourceApplier(async () => world.kernel.providers(this.steps)),
      addressBook: new LeaseBook(opened.leases),
      drivers: catalogue.drivers,
      ipam: {
        has: (name) => world.ipam.isInstalled && name === "ledger",
        names: () => (world.ipam.isInstalled ? ["ledger"] : []),
        get: (name) => (world.ipam.isInstalled && name === "ledger" ? world.ipam.seenBy(this.steps) : undefined),
      },
      host: async () => world.host(),
      runtime: async () => runtime,
      files: async () => unreadFiles,
      paths: { root: "/state", run: "/run/tsd" },
      layerDirectory: (digest) => `/layers/${digest}`,
      warn: (text) => this.warnings.push(text),
      health: () => undefined,
      settings: () => world.settings,
      wireguardKeys: { publicKey: async (key) => world.publicKey(key), forget: async (key) => world.forget(key) },
      membership: () => readMembership(opened),
      cluster: async (membership = requireMembership(readMembership(opened))) =>
        new ClusterRecords(steppedState(world.cluster, this.steps), membership.cluster),
      elsewhere: noneElsewhere,
    };
    const engine = composeEngine(parts, "1.0.0");
    const { networks } = engine;
    this.networks =
      world.defaultIpam === undefined
        ? networks
        : Object.assign(Object.create(networks) as Engine["networks"], {
            create: (spec: NetworkSpec) => networks.create({ ipam: { driver: world.defaultIpam ?? "" }, ...spec }),
          });
    this.defaultNetwork = engine.defaultNetwork;
    this.endpoints = engine.endpoints;
    this.containers = engine.containers;
    this.recovery = engine.recovery;
    this.renaming = engine.renaming;
    this.adaptations = engine.adaptations;
    this.debts = engine.debts;
    this.peers = engine.peers;
    this.cluster = engine.cluster;
    this.parts = parts;
  }

  /** Ends the process between two of its steps: a signal, or the end of its command. */
  end(): void {
    this.steps.kill();
  }
}
