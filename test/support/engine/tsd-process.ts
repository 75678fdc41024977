import type { HostSettings, Owner } from "../../../src/api/index.js";
import { BridgeDriver } from "../../../src/drivers/bridge/bridge-driver.js";
import { NamespaceDriver } from "../../../src/drivers/namespace/namespace-driver.js";
import type { Host } from "../../../src/engine/contracts/host.js";
import type { Parts } from "../../../src/engine/contracts/parts.js";
import { ContainerEndings } from "../../../src/engine/lifecycle/container-endings.js";
import { ContainerStarter } from "../../../src/engine/lifecycle/container-starter.js";
import { NetworkLifecycle } from "../../../src/engine/lifecycle/network-lifecycle.js";
import { Recovery } from "../../../src/engine/lifecycle/recovery.js";
import { Teardown } from "../../../src/engine/lifecycle/teardown.js";
import { Reconciler } from "../../../src/engine/resources/reconciler.js";
import { DefaultNetwork } from "../../../src/engine/settings/default-network.js";
import { Adaptations } from "../../../src/engine/updates/adaptations.js";
import { Alterations } from "../../../src/engine/updates/alterations.js";
import { Neighbours } from "../../../src/engine/updates/neighbours.js";
import { Connections } from "../../../src/engine/use-cases/connections.js";
import { ContainerUseCases } from "../../../src/engine/use-cases/containers.js";
import { EndpointUseCases } from "../../../src/engine/use-cases/endpoints.js";
import { LivePorts } from "../../../src/engine/use-cases/live-ports.js";
import { NetworkUseCases } from "../../../src/engine/use-cases/networks.js";
import { DefaultIpam } from "../../../src/ipam/default-ipam.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import type { FakeContainers } from "./fake-containers.js";
import type { FakeKernel } from "./fake-kernel.js";
import { fakeRuntime } from "./fake-runtime.js";
import type { ProcessTable } from "./process-table.js";
import { steppedStore } from "./stepped-store.js";
import { Steps } from "./steps.js";

/** What processes of one machine share. */
interface Machine {
  readonly processes: ProcessTable;
  readonly kernel: FakeKernel;
  readonly containers: FakeContainers;
  readonly settings: HostSettings;
  host(): Host;
}

/** One process of tsd: the engine as the composition root builds it, over a world that others share. */
export class TsdProcess {
  readonly steps: Steps;
  readonly owner: Owner;
  readonly networks: NetworkUseCases;
  readonly defaultNetwork: DefaultNetwork;
  readonly endpoints: EndpointUseCases;
  readonly containers: ContainerUseCases;
  readonly recovery: Recovery;
  readonly adaptations: Adaptations;
  readonly warnings: string[] = [];

  constructor(world: Machine, opened: SqliteStore) {
    this.owner = world.processes.spawn();
    this.steps = new Steps(() => world.processes.end(this.owner.pid));
    const drivers = [
      new BridgeDriver(),
      new NamespaceDriver("host", "host"),
      new NamespaceDriver("none", "own"),
      new NamespaceDriver("container", "container"),
      new NamespaceDriver("ns", "path"),
    ];
    const runtime = fakeRuntime(world.containers, this.steps);
    const parts: Parts = {
      store: steppedStore(opened, this.steps),
      processes: world.processes.seenBy(this.owner),
      reconciler: new Reconciler(async () => world.kernel.providers(this.steps)),
      ipam: new DefaultIpam(opened.leases),
      drivers: new Map(drivers.map((driver) => [driver.type, driver])),
      host: async () => world.host(),
      runtime: async () => runtime,
      paths: { root: "/state", run: "/run/tsd" },
      layerDirectory: (digest) => `/layers/${digest}`,
      warn: (text) => this.warnings.push(text),
      settings: () => world.settings,
    };
    const alterations = new Alterations(parts);
    const adaptations = new Adaptations(parts, alterations);
    this.adaptations = adaptations;
    const neighbours = new Neighbours(parts, alterations);
    const teardown = new Teardown(parts, neighbours);
    this.recovery = new Recovery(parts, teardown, { alterations, adaptations });
    this.endpoints = new EndpointUseCases(parts, teardown, adaptations);
    const connections = new Connections(parts, this.endpoints, teardown, { adaptations, alterations, neighbours });
    const lifecycle = new NetworkLifecycle(parts, teardown, adaptations);
    this.defaultNetwork = new DefaultNetwork(parts, lifecycle);
    this.networks = new NetworkUseCases(parts, { lifecycle, defaultNetwork: this.defaultNetwork, connections });
    const starter = new ContainerStarter(parts, this.defaultNetwork, { adaptations, neighbours, teardown });
    const endings = new ContainerEndings(parts, this.recovery);
    this.containers = new ContainerUseCases(
      parts,
      { adaptations, starter, endings, teardown },
      new LivePorts(parts, alterations),
    );
  }

  /** Ends the process between two of its steps: a signal, or the end of its command. */
  end(): void {
    this.steps.kill();
  }
}
