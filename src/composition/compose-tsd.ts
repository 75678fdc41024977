import { Container, ContainerModule } from "inversify";
import type { Tsd, TsdOptions } from "../api/index.js";
import type { Store } from "../contracts/index.js";
import type { Parts } from "../engine/contracts/parts.js";
import { Doctor } from "../engine/doctor/doctor.js";
import { DriftRepair } from "../engine/drift/drift-repair.js";
import { OrphanCollector } from "../engine/drift/orphan-collector.js";
import { DebtSweeper } from "../engine/ipam/debt-sweeper.js";
import type { Debts } from "../engine/ipam/debts.js";
import type { UnfinishedWork } from "../engine/lifecycle/left-work.js";
import { NatOrphans } from "../engine/nat/nat-orphans.js";
import { NatSelection } from "../engine/nat/nat-selection.js";
import { NatSwitch } from "../engine/nat/nat-switch.js";
import { ResourceApplier } from "../engine/resources/resource-applier.js";
import { readMembership, requireMembership } from "../engine/rows/membership.js";
import { usersOf } from "../engine/rows/plugin-users.js";
import { Reconfiguration } from "../engine/settings/reconfiguration.js";
import { SettingsSource } from "../engine/settings/settings-source.js";
import { measureDiskUsage } from "../engine/use-cases/disk-usage.js";
import { ImageUseCases } from "../engine/use-cases/images.js";
import { type Installation, SystemUseCases } from "../engine/use-cases/system.js";
import { VolumeUseCases } from "../engine/use-cases/volumes.js";
import type { ExtensionCatalogue } from "../plugins/extension-catalogue.js";
import { PluginUseCases } from "../plugins/installed/plugin-use-cases.js";
import { imageDirectory, layerPath } from "../runtime/images/layer-path.js";
import { HealthFiles } from "../timers/health-files.js";
import { VERSION } from "../version.js";
import { agentModule } from "./agent.module.js";
import { closeSession } from "./close-session.js";
import { ClusterDoor } from "./cluster-door.js";
import { composeEngine, type Engine } from "./compose-engine.js";
import { elsewhereByAgent } from "./elsewhere-by-agent.js";

import { extensionProviders, extensionsModule, ipamDrivers, natBackendsOf } from "./extensions.module.js";
import { ipamModule } from "./ipam.module.js";
import { javascriptRuntime } from "./javascript-runtime.js";
import { kernelModule } from "./kernel.module.js";
import { namesModule } from "./names.module.js";
import { natModule } from "./nat.module.js";
import { pluginsBelow, pluginsModule } from "./plugins.module.js";
import { readSettings } from "./read-settings.js";
import { runtimeModule } from "./runtime.module.js";
import { storeModule } from "./store.module.js";
import { sweepersModule } from "./sweepers.module.js";
import { timersModule } from "./timers.module.js";
import { type Settings, tokens } from "./tokens.js";
import { wireguardKeys } from "./wireguard-keys.js";

interface Composition {
  readonly tsd: Omit<Tsd, "unfinished">;
  readonly store: Store;
  /** What other hosts need on this one. */
  readonly peers: Engine["peers"];
  /** Finishes what dead processes left undone, in this order. */
  readonly unfinished: readonly UnfinishedWork[];
}

const modules = [
  kernelModule,
  storeModule,
  ipamModule,
  natModule,
  namesModule,
  timersModule,
  agentModule,
  runtimeModule,
];

/** Puts tsd together; nothing is done yet. */
export async function composeTsd(options: TsdOptions): Promise<Composition> {
  const settings: Settings = { version: VERSION, ...readSettings(options) };
  const container = new Container({ defaultScope: "Singleton" });
  container.bind(tokens.Settings).toConstantValue(settings);
  container.load(...modules, pluginsModule, extensionsModule(options.extensions ?? []));
  if (settings.dryRun !== undefined) {
    const { dryRunBindings } = await import("./dry-run.module.js");
    container.load(new ContainerModule(dryRunBindings(settings.dryRun)));
  }
  const store = await container.getAsync(tokens.Store);
  const hostSettings = new SettingsSource(store, settings.config);
  const catalogue = await container.getAsync(tokens.ExtensionCatalogue);
  const natSelection = new NatSelection({
    store,
    backends: natBackendsOf(container, catalogue),
    settings: () => hostSettings.read(),
    warn: settings.warn,
  });
  const clusters = new ClusterDoor(settings.root, settings.dryRun);
  const parts = await resolveParts(container, { settings, store, hostSettings, natSelection, catalogue, clusters });
  const natSwitch = new NatSwitch(parts, natSelection);
  const engine = composeEngine(parts, settings.version);
  const { networks, endpoints, containers, recovery, adaptations, chainOpening, neighbours, debts } = engine;
  const reconfiguration = new Reconfiguration(parts, {
    settings: hostSettings,
    defaultNetwork: engine.defaultNetwork,
    natSelection,
    natSwitch,
  });
  const orphanCollector = orphanCollectorOf(container, parts, { settings, natSelection, natSwitch, debts });
  const close = (): void => {
    clusters.close();
    closeSession(parts);
  };
  const tsd = {
    networks,
    endpoints,
    containers,
    cluster: engine.cluster,
    ...storageOf(container, parts, containers),
    plugins: pluginsOf(container, store, settings),
    system: new SystemUseCases(
      parts,
      {
        reconfiguration,
        natSelection,
        natSwitch,
        adaptations,
        recovery,
        driftRepair: new DriftRepair(parts, orphanCollector, natSelection, { adaptations, neighbours }),
        orphanCollector,
        doctor: new Doctor(parts, natSelection),
        chainOpening,
        explain: async () => new (await import("../engine/explain/explain.js")).Explain(parts, natSelection),
        readMap: async () => (await import("../engine/map/read-map.js")).readMap,
      },
      installationOf(settings),
    ),
    close,
    [Symbol.dispose]: close,
  };
  return {
    tsd,
    ...{ store, peers: engine.peers },
    unfinished: [
      { isNeeded: async () => natSwitch.isInterrupted(), run: () => natSwitch.recover() },
      recovery,
      engine.renaming,
      { isNeeded: async () => reconfiguration.isInterrupted(), run: () => reconfiguration.recover() },
    ],
  };
}

function pluginsOf(container: Container, store: Store, { root }: Settings): PluginUseCases {
  return new PluginUseCases({
    settings: store.settings,
    directory: pluginsBelow(root),
    users: (names) => usersOf(store, names),
    requireRoom: () => store.requireRoom(),
    changes: () => container.getAsync(tokens.Plugins),
  });
}

function storageOf(
  container: Container,
  parts: Parts,
  containers: Tsd["containers"],
): Pick<Tsd, "images" | "volumes" | "diskUsage"> {
  const volumes = new VolumeUseCases(parts);
  return {
    images: new ImageUseCases(parts.store, () => container.getAsync(tokens.Images), parts),
    volumes,
    diskUsage: () => measureDiskUsage(parts, { containers, volumes }),
  };
}

function installationOf({ version, nft }: Settings): Installation {
  return { version, javascript: javascriptRuntime(), transport: nft };
}

function orphanCollectorOf(
  container: Container,
  { store, warn, ipam }: Parts,
  nat: Pick<Decided, "settings" | "natSelection"> & { readonly natSwitch: NatSwitch; readonly debts: Debts },
): OrphanCollector {
  const rules = new NatOrphans({
    selection: nat.natSelection,
    natSwitch: nat.natSwitch,
    otherRoots: async () => (await import("../kernel/rtnetlink/links/link-mark.js")).otherRoots(nat.settings.root),
    warn,
  });
  const ipamLeases = new DebtSweeper({ store, ipam }, nat.debts);
  let isComplete = false;
  const sweepers = async () => {
    // Its bindings would cost each command that needs none.
    if (!isComplete) container.load(sweepersModule);
    isComplete = true;
    return [rules, ...(await container.getAllAsync(tokens.Sweeper)), ipamLeases];
  };
  return new OrphanCollector({ store, warn, sweepers });
}

/** Milliseconds that a command waits for what the agent reads of other hosts. */
const PATIENCE_ELSEWHERE = 5000;

interface Decided {
  readonly settings: Settings;
  readonly store: Store;
  readonly hostSettings: SettingsSource;
  readonly natSelection: NatSelection;
  readonly catalogue: ExtensionCatalogue;
  readonly clusters: ClusterDoor;
}

async function resolveParts(
  container: Container,
  { settings, store, hostSettings, natSelection, catalogue, clusters }: Decided,
): Promise<Parts> {
  const healthFiles = new HealthFiles(`${settings.run}/health`);
  return {
    store,
    processes: await container.getAsync(tokens.Processes),
    applier: new ResourceApplier(
      async () => [...(await container.getAllAsync(tokens.Provider)), natSelection],
      extensionProviders(container, catalogue),
    ),
    addressBook: await container.getAsync(tokens.AddressBook),
    drivers: catalogue.drivers,
    ipam: ipamDrivers(container, catalogue),
    host: () => container.getAsync(tokens.Host),
    runtime: () => container.getAsync(tokens.Runtime),
    files: () => container.getAsync(tokens.Files),
    health: (id, startedAt) => healthFiles.read(id, startedAt),
    paths: { root: settings.root, run: settings.run },
    layerDirectory: (digest) => layerPath(imageDirectory(settings.root), digest),
    warn: settings.warn,
    settings: () => hostSettings.read(),
    wireguardKeys: wireguardKeys(settings),
    membership: () => readMembership(store),
    cluster: async (membership) => clusters.open(membership ?? requireMembership(readMembership(store))),
    elsewhere: elsewhereByAgent(() => container.getAsync(tokens.Agent), PATIENCE_ELSEWHERE),
  };
}
