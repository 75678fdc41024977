import type { Health, HostSettings, Learned, Provider, Resource, Wireguard } from "../../api/index.js";
import type {
  AddressBook,
  ContainerFiles,
  Elsewhere,
  LoadHost,
  Membership,
  Processes,
  Runtime,
  Store,
} from "../../contracts/index.js";
import type { ClusterClaims } from "./cluster.js";
import type { Drivers } from "./drivers.js";
import type { IpamDrivers } from "./ipam-drivers.js";

/** Carries out lists of resources of any kinds. */
export interface Applier extends Pick<Provider, "ensure" | "remove" | "inspect"> {
  /** Begins what takes long of a list that is in a row and is to be made soon, and waits for nothing of it. */
  prepare(resources: readonly Resource[]): Promise<void>;
  /** As `remove`, for a caller that gives up what needs a plug-in that is gone or fails; returns that. */
  removeOrForget(resources: readonly Resource[]): Promise<readonly Resource[]>;
  /** What providers have learned of the endpoint that lists `resources`; see {@link Provider.learn}. */
  learn(resources: readonly Resource[]): Promise<Learned>;
  /** Kinds of resources that no plug-in removes that is installed. */
  missingKinds(resources: readonly Resource[]): Promise<readonly string[]>;
}

/** What the use cases are made of. Each takes the few it needs; the composition root makes them all. */
export interface Parts {
  readonly store: Store;
  readonly processes: Processes;
  /** Over the providers of all kinds. */
  readonly applier: Applier;
  readonly addressBook: AddressBook;
  readonly drivers: Drivers;
  /** Those of third parties. */
  readonly ipam: IpamDrivers;
  readonly host: LoadHost;
  readonly runtime: () => Promise<Runtime>;
  readonly files: () => Promise<ContainerFiles>;
  /** What the checks of a container that runs have said. */
  readonly health: (id: string, startedAt: string) => Health | undefined;
  readonly paths: Paths;
  /** Where the unpacked layer of that digest lies. */
  readonly layerDirectory: (digest: string) => string;
  /** Warns the user in one sentence about what works, but not as they may expect. */
  readonly warn: (text: string) => void;
  /** The host-wide settings in force. */
  readonly settings: () => HostSettings;
  readonly wireguardKeys: WireguardKeys;
  /** What this host is in its cluster; undefined where it is in none. */
  readonly membership: () => Membership | undefined;
  /** The records of a cluster; by default of the one that this host is in. Throws `not-found` where it is in none. */
  readonly cluster: (membership?: Pick<Membership, "cluster" | "etcd">) => Promise<ClusterClaims>;
  readonly elsewhere: Elsewhere;
}

/** This host's private keys, one for each encrypted network. No other part sees them. */
export interface WireguardKeys {
  /** The public key to that private one, base64. Draws the private one if there is none. */
  publicKey(key: Pick<Wireguard, "network" | "generation">): Promise<string>;
  /** Deletes the private one, if there is one. */
  forget(key: Pick<Wireguard, "network" | "generation">): Promise<void>;
}

/** Where tsd keeps its files. */
export interface Paths {
  /** Survives a reboot. */
  readonly root: string;
  /** Does not. */
  readonly run: string;
}
