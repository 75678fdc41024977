import { Claims } from "../engine/cluster/claims.js";
import { Notes } from "../engine/cluster/notes.js";
import type { Parts } from "../engine/contracts/parts.js";
import { Debts } from "../engine/ipam/debts.js";
import { Proposals } from "../engine/ipam/proposals.js";
import { ClusterNetworks } from "../engine/lifecycle/cluster-networks.js";
import { ContainerEnding } from "../engine/lifecycle/container-ending.js";
import { ContainerExit } from "../engine/lifecycle/container-exit.js";
import { ContainerStarter } from "../engine/lifecycle/container-starter.js";
import { JointRemoval } from "../engine/lifecycle/joint-removal.js";
import { NetworkLifecycle } from "../engine/lifecycle/network-lifecycle.js";
import { Recovery } from "../engine/lifecycle/recovery.js";
import { Restarter } from "../engine/lifecycle/restarter.js";
import { RunFollower } from "../engine/lifecycle/run-follower.js";
import { Teardown } from "../engine/lifecycle/teardown.js";
import { DefaultNetwork } from "../engine/settings/default-network.js";
import { Adaptations } from "../engine/updates/adaptations.js";
import { ChainOpening } from "../engine/updates/chain-opening.js";
import { ContainerChanges } from "../engine/updates/container-changes.js";
import { EndpointUpdates } from "../engine/updates/endpoint-updates.js";
import { KeyRotation } from "../engine/updates/key-rotation.js";
import { Neighbours } from "../engine/updates/neighbours.js";
import { NetworkUpdates } from "../engine/updates/network-updates.js";
import { Peers } from "../engine/updates/peers.js";
import { ClusterUseCases } from "../engine/use-cases/cluster.js";
import { Connections } from "../engine/use-cases/connections.js";
import { ContainerMeter } from "../engine/use-cases/container-meter.js";
import { ContainerUseCases } from "../engine/use-cases/containers.js";
import { EndpointUseCases } from "../engine/use-cases/endpoints.js";
import { LivePorts } from "../engine/use-cases/live-ports.js";
import { NetworkUseCases } from "../engine/use-cases/networks.js";
import { Renaming } from "../engine/use-cases/renaming.js";
import { Waiting } from "../engine/use-cases/waiting.js";

/** What works on networks, endpoints and containers. */
export interface Engine {
  readonly networks: NetworkUseCases;
  readonly endpoints: EndpointUseCases;
  readonly containers: ContainerUseCases;
  readonly recovery: Recovery;
  readonly renaming: Renaming;
  readonly adaptations: Adaptations;
  readonly chainOpening: ChainOpening;
  readonly neighbours: Neighbours;
  readonly defaultNetwork: DefaultNetwork;
  readonly debts: Debts;
  readonly peers: Peers;
  readonly cluster: ClusterUseCases;
}

/** By hand, since there is one way to join them: a container would plan for 5 ms what these lines say. */
export function composeEngine(parts: Parts, version: string): Engine {
  const base = composeBase(parts);
  const { endpointUpdates, adaptations, neighbours, proposals, teardown, recovery, notes } = base;
  const chainOpening = new ChainOpening(parts, adaptations);
  const lifecycle = new NetworkLifecycle(parts, teardown, { adaptations, chainOpening, proposals, notes });
  const clusterNetworks = new ClusterNetworks(parts, lifecycle);
  const endpoints = new EndpointUseCases(parts, teardown, {
    ...{ adaptations, proposals, endpointUpdates, recovery, clusterNetworks },
  });
  const connections = new Connections(parts, endpoints, teardown, {
    adaptations,
    endpointUpdates,
    neighbours,
    notes,
    proposals,
    recovery,
  });
  const defaultNetwork = new DefaultNetwork(parts, lifecycle);
  const renaming = new Renaming(parts, neighbours, recovery);
  return {
    networks: new NetworkUseCases(parts, {
      lifecycle,
      defaultNetwork,
      clusterNetworks,
      connections,
      endpoints,
      recovery,
      updates: new NetworkUpdates(parts, adaptations),
    }),
    endpoints,
    containers: composeContainers(parts, base, { defaultNetwork, clusterNetworks, renaming }),
    recovery,
    renaming,
    adaptations,
    chainOpening,
    neighbours,
    defaultNetwork,
    debts: base.debts,
    peers: base.peers,
    cluster: new ClusterUseCases(parts, { lifecycle, notes, version, keys: new KeyRotation(parts, adaptations) }),
  };
}

/** How things change and end, which the use cases have in common. */
function composeBase(parts: Parts) {
  const endpointUpdates = new EndpointUpdates(parts);
  const adaptations = new Adaptations(parts, endpointUpdates);
  const neighbours = new Neighbours(parts, endpointUpdates);
  const debts = new Debts(parts);
  const notes = new Notes(parts);
  const proposals = new Proposals(parts, debts, new Claims(parts, notes));
  // What goes gives back what IPAM drivers gave for it, and the cluster.
  const teardown = new Teardown(parts, neighbours, {
    ofEndpoint: (row) => debts.ofEndpoint(row),
    ofNetwork: (row) => debts.ofNetwork(row),
    takeOver: () => notes.takeOver(),
    settle: async (noted) => {
      await debts.settle(noted);
      await notes.releaseAddresses();
    },
  });
  const containerChanges = new ContainerChanges(parts);
  const peers = new Peers(parts);
  const unfinished = { endpointUpdates, adaptations, containerChanges, debts, notes, peers };
  const recovery = new Recovery(parts, teardown, unfinished);
  return { ...unfinished, neighbours, proposals, teardown, recovery };
}

type Base = ReturnType<typeof composeBase>;

function composeContainers(
  parts: Parts,
  { endpointUpdates, adaptations, neighbours, proposals, teardown, recovery, containerChanges, notes }: Base,
  {
    defaultNetwork,
    clusterNetworks,
    renaming,
  }: Pick<Engine, "defaultNetwork" | "renaming"> & {
    readonly clusterNetworks: ClusterNetworks;
  },
): ContainerUseCases {
  const starting = { adaptations, neighbours, teardown, proposals, clusterNetworks };
  const starter = new ContainerStarter(parts, defaultNetwork, starting);
  const containerExit = new ContainerExit(parts, recovery);
  const restarter = new Restarter(parts, starter, teardown);
  const ending = new ContainerEnding(parts, containerExit, { restarter, changes: containerChanges });
  const follower = new RunFollower(containerExit, restarter);
  const jointRemoval = new JointRemoval(parts, teardown, neighbours, notes);
  const published = async () => (await import("../nat/published-traffic.js")).publishedTraffic;
  const meter = new ContainerMeter(parts, published);
  return new ContainerUseCases(
    parts,
    {
      adaptations,
      starter,
      containerExit,
      ending,
      follower,
      restarter,
      teardown,
      jointRemoval,
      recovery,
      changes: containerChanges,
      clusterNetworks,
      meter,
      renaming,
      waiting: new Waiting(parts, containerExit),
    },
    new LivePorts(parts, endpointUpdates, neighbours),
  );
}
