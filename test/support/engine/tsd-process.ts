import type { Owner } from "../../../src/api/index.js";
import { BridgeDriver } from "../../../src/drivers/bridge/bridge-driver.js";
import { ContainerEndings } from "../../../src/engine/container-endings.js";
import { ContainerStarter } from "../../../src/engine/container-starter.js";
import { ContainerUseCases } from "../../../src/engine/containers.js";
import { EndpointUseCases } from "../../../src/engine/endpoints.js";
import type { Host } from "../../../src/engine/host.js";
import { NetworkUseCases } from "../../../src/engine/networks.js";
import type { Parts } from "../../../src/engine/parts.js";
import { Reconciler } from "../../../src/engine/reconciler.js";
import { Recovery } from "../../../src/engine/recovery.js";
import { Teardown } from "../../../src/engine/teardown.js";
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
  host(): Host;
}

/** One process of tsd: the engine as the composition root builds it, over a world that others share. */
export class TsdProcess {
  readonly steps: Steps;
  readonly owner: Owner;
  readonly networks: NetworkUseCases;
  readonly endpoints: EndpointUseCases;
  readonly containers: ContainerUseCases;
  readonly recovery: Recovery;

  constructor(world: Machine, opened: SqliteStore) {
    this.owner = world.processes.spawn();
    this.steps = new Steps(() => world.processes.end(this.owner.pid));
    const driver = new BridgeDriver();
    const runtime = fakeRuntime(world.containers, this.steps);
    const parts: Parts = {
      store: steppedStore(opened, this.steps),
      processes: world.processes.seenBy(this.owner),
      reconciler: new Reconciler(async () => world.kernel.providers(this.steps)),
      ipam: new DefaultIpam(opened.leases),
      drivers: new Map([[driver.type, driver]]),
      host: async () => world.host(),
      runtime: async () => runtime,
      paths: { root: "/state", run: "/run/tsd" },
      layerDirectory: (digest) => `/layers/${digest}`,
    };
    const teardown = new Teardown(parts);
    this.recovery = new Recovery(parts, teardown);
    this.networks = new NetworkUseCases(parts, teardown);
    this.endpoints = new EndpointUseCases(parts, teardown);
    this.containers = new ContainerUseCases(
      parts,
      new ContainerStarter(parts, this.networks, teardown),
      teardown,
      new ContainerEndings(parts, this.recovery),
    );
  }

  /** Ends the process between two of its steps: a signal, or the end of its command. */
  end(): void {
    this.steps.kill();
  }
}
