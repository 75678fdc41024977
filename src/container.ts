import { Container } from "inversify";
import type {
  Images,
  IpamDriver,
  NatBackend,
  NetworkDriver,
  Provider,
  Runtime,
  Store,
  Tsd,
  TsdOptions,
} from "./api/index.js";
import { driversModule } from "./composition/drivers.module.js";
import { ipamModule } from "./composition/ipam.module.js";
import { kernelModule } from "./composition/kernel.module.js";
import { natModule } from "./composition/nat.module.js";
import { runtimeModule } from "./composition/runtime.module.js";
import { storeModule } from "./composition/store.module.js";
import { type Settings, tokens } from "./composition/tokens.js";
import { Alterations } from "./engine/alterations.js";
import { Connections } from "./engine/connections.js";
import { ContainerEndings } from "./engine/container-endings.js";
import { ContainerStarter } from "./engine/container-starter.js";
import { ContainerUseCases } from "./engine/containers.js";
import { DefaultNetwork } from "./engine/default-network.js";
import { EndpointUseCases } from "./engine/endpoints.js";
import type { Host, Processes } from "./engine/host.js";
import { ImageUseCases } from "./engine/images.js";
import { LivePorts } from "./engine/live-ports.js";
import { Neighbours } from "./engine/neighbours.js";
import { NetworkUseCases } from "./engine/networks.js";
import type { Parts } from "./engine/parts.js";
import { Reconciler } from "./engine/reconciler.js";
import { Recovery } from "./engine/recovery.js";
import { SystemUseCases } from "./engine/system.js";
import { Teardown } from "./engine/teardown.js";
import { imageDirectory, layerPath } from "./runtime/images/layer-path.js";
import { VERSION } from "./version.js";

/** Puts tsd together, and finishes what dead processes left undone. */
export async function composeTsd(options: TsdOptions): Promise<Tsd> {
  const settings = readSettings(options);
  const container = new Container({ defaultScope: "Singleton" });
  container.bind(tokens.Settings).toConstantValue(settings);
  container.load(kernelModule, storeModule, ipamModule, natModule, driversModule, runtimeModule);
  const parts = await resolveParts(container, settings);
  const alterations = new Alterations(parts);
  const neighbours = new Neighbours(parts, alterations);
  const teardown = new Teardown(parts, neighbours);
  const recovery = new Recovery(parts, teardown, alterations);
  const unfinished = await recovery.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  const endpoints = new EndpointUseCases(parts, teardown);
  const connections = new Connections(parts, endpoints, teardown, { alterations, neighbours });
  const networks = new NetworkUseCases(parts, teardown, connections);
  const starter = new ContainerStarter(parts, new DefaultNetwork(parts, networks), { neighbours, teardown });
  const endings = new ContainerEndings(parts, recovery);
  return {
    networks,
    endpoints,
    containers: new ContainerUseCases(parts, { starter, endings, teardown }, new LivePorts(parts, alterations)),
    images: new ImageUseCases(parts.store.images, () => container.getAsync<Images>(tokens.Images)),
    system: new SystemUseCases(parts, () => container.getAsync<NatBackend>(tokens.NatBackend), {
      version: settings.version,
      node: { version: process.version, path: process.execPath },
      transport: settings.nft,
    }),
    ...(unfinished === undefined ? {} : { unfinished }),
    close: () => parts.store.close(),
  };
}

async function resolveParts(container: Container, settings: Settings): Promise<Parts> {
  const drivers = await container.getAllAsync<NetworkDriver>(tokens.NetworkDriver);
  return {
    store: await container.getAsync<Store>(tokens.Store),
    processes: await container.getAsync<Processes>(tokens.Processes),
    reconciler: new Reconciler(() => container.getAllAsync<Provider>(tokens.Provider)),
    ipam: await container.getAsync<IpamDriver>(tokens.IpamDriver),
    drivers: new Map(drivers.map((driver) => [driver.type, driver])),
    host: () => container.getAsync<Host>(tokens.Host),
    runtime: () => container.getAsync<Runtime>(tokens.Runtime),
    paths: { root: settings.root, run: settings.run },
    layerDirectory: (digest) => layerPath(imageDirectory(settings.root), digest),
  };
}

function readSettings(options: TsdOptions): Settings {
  const { env } = process;
  const root = options.root ?? env.TSD_ROOT ?? "/var/lib/tsd";
  const run = options.run ?? env.TSD_RUN ?? "/run/tsd";
  const runtime = options.runtime ?? env.TSD_RUNTIME;
  const nft = options.nft ?? (env.TSD_NFT === "exec" ? "exec" : "netlink");
  const environment = [`TSD_ROOT=${root}`, `TSD_RUN=${run}`, `TSD_NFT=${nft}`];
  if (runtime !== undefined) environment.push(`TSD_RUNTIME=${runtime}`);
  const program = `${import.meta.dirname}/../bin/tsd`;
  const exitCommand = ["/usr/bin/env", ...environment, program, "container", "release"];
  return { version: VERSION, root, run, nft, exitCommand, ...(runtime === undefined ? {} : { runtime }) };
}
