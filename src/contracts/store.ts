import type { Change, ContainerStatus, Image, PortBinding, Resource } from "../api/index.js";
import type { ContainerOutline } from "./container-outline.js";
import type { Place, PlaceKind } from "./host-places.js";
import type { DebtTable } from "./ipam-debts.js";
import type { LeaseTable } from "./leases.js";
import type { ContainerRow, EndpointRow, NamedPeer, NetworkRow, PeerRow, Row, VolumeRow } from "./rows.js";

/** Rows of one kind. All reads and writes are synchronous; writes need a transaction around them. */
export interface Table<T extends Row> {
  insert(row: T): void;
  get(id: string): T | undefined;
  named(name: string): T | undefined;
  /** Exact name first, then exact id, then unique id prefix. Throws `not-found`, or `conflict` for an ambiguous prefix. */
  resolve(ref: string): T;
  /** Oldest first. */
  list(): readonly T[];
  /** Rows whose state is not `ready`: unfinished unless their owner lives. */
  unfinished(): readonly T[];
  update(row: T): void;
  delete(id: string): void;
}

/** What an endpoint is to others on its network; a row holds far more where many ports are published. */
export interface EndpointSummary extends Pick<EndpointRow, "id" | "state" | "containerId"> {
  readonly networkId: string;
  readonly addresses: readonly string[];
  readonly aliases: readonly string[];
  /** Of its container, where that exists. */
  readonly status?: ContainerStatus;
}

export interface EndpointTable extends Table<EndpointRow> {
  /** The row becomes `ready`, and is otherwise as it is. Throws `not-found` for one that another process has removed. */
  markReady(id: string): void;
  ofNetwork(networkId: string): readonly EndpointRow[];
  ofContainer(containerId: string): readonly EndpointRow[];
  /** Those of the namespace at that path, as it was given. */
  ofNetns(netns: string): readonly EndpointRow[];
  /** Those of namespaces that tsd did not make, which went with the boot that they were made in, one other than `bootId`. */
  ofOtherBoots(bootId: string): readonly EndpointRow[];
  /** All of a network, oldest first, without reading their rows. */
  summaries(networkId: string): readonly EndpointSummary[];
  /** The same of a container. */
  summariesOf(containerId: string): readonly EndpointSummary[];
  /**
   * A text that differs once a summary of the network or the namespace does, or whether a container of theirs has a
   * resolver. It costs a tenth of reading them. A container has other endpoints at each start.
   */
  fingerprint(of: { readonly networkId: string } | { readonly netns: string }): string;
  /**
   * Claims host ports for an endpoint, atomically. Throws `conflict` without a name: details hold `endpointId` of the owner.
   * A binding without an address conflicts with every address; `0.0.0.0` and `::` with every one of their family.
   */
  claimPorts(endpointId: string, bindings: readonly PortBinding[]): void;
  /** Gives back the host ports of an endpoint that are not among `bindings`. */
  retainPorts(endpointId: string, bindings: readonly PortBinding[]): void;
  /** The endpoint that holds a port that overlaps `binding`. */
  portHolder(binding: PortBinding): string | undefined;
}

export interface EndpointCount {
  readonly host: string;
  readonly endpoints: number;
}

/** Other hosts of networks that span hosts, and their endpoints. */
export interface PeerTable extends Table<PeerRow> {
  ofNetwork(networkId: string): readonly PeerRow[];
  /** How many endpoints each of the hosts has that has any, by the names of hosts. Reads no rows. */
  endpointCounts(networkId: string): readonly EndpointCount[];
  /** How many hosts there are. Reads no rows. */
  hostCount(networkId: string): number;
  /** Endpoints of other hosts that containers know by name, oldest first. */
  withNames(networkId: string): readonly NamedPeer[];
  /** Equal for equal {@link withNames}. */
  namesFingerprint(networkId: string): string;
}

export interface ContainerTable extends Table<ContainerRow> {
  /** Containers whose process was alive at the last write: `starting`, `running`, `stopping`. */
  active(): readonly ContainerRow[];
  /** The same, without reading their rows. */
  activeOutlines(): readonly ContainerOutline[];
  outline(id: string): ContainerOutline | undefined;
  /** Active containers that share a sandbox. */
  inSandbox(sandboxId: string): readonly ContainerRow[];
  /** Active containers whose sandbox the container of that id made, itself among them. */
  inSandboxMadeBy(id: string): readonly ContainerRow[];
  /** Containers that ask for a particular address of the network that they call so. */
  askingOf(network: string): readonly ContainerRow[];
  /** Containers that mount volumes. */
  withVolumes(): readonly ContainerRow[];
  /** Paths of the namespaces of containers with endpoints that run or are about to, and list a resolver. */
  namespacesWithResolver(): readonly string[];
}

export interface ImageTable {
  /** Adds or replaces the image; a configuration that was given before stays. A name that another image had is this one's from now on. */
  put(image: Image, configuration?: string): void;
  get(id: string): Image | undefined;
  /** The document that the image is named after, where {@link ImageTable.put} was given it. */
  configuration(id: string): string | undefined;
  /** By name in any of docker's spellings, id or unique id prefix, `sha256:` before it or not; or by `NAME@sha256:ID`. Throws as {@link Table.resolve}. */
  resolve(ref: string): Image;
  list(): readonly Image[];
  delete(id: string): void;
}

/** Small values by name, as JSON. */
export interface SettingTable {
  get<T>(key: string): T | undefined;
  /** Those whose keys begin so, in the order of their keys. */
  list<T>(prefix: string): readonly T[];
  set(key: string, value: unknown): void;
  delete(key: string): void;
}

/** The last changes, as they were committed. */
export interface ChangeLog {
  /** The number of the newest; 0 where there is none. */
  newest(): number;
  /** Those behind that number, oldest first, as far as they are kept. */
  after(number: number): readonly Change[];
  /** Adds what happened to what a row stands for. Changes of rows log themselves. To be called in a transaction. */
  note(event: NotedEvent): void;
  /** Of the latest run of a container that is in the log, which may be removed by now. */
  exitCode(containerId: string): number | undefined;
}

/** See {@link Change}. Names, labels and the image are added where the row exists. */
export interface NotedEvent extends Pick<Change, "kind" | "id" | "name" | "attributes"> {
  /** docker's word. */
  readonly action: string;
}

/** A resource on the host, and the row that lists it. */
export interface Listed {
  readonly rowId: string;
  readonly resource: Resource;
}

/** What a process reads again and again while others write. */
export interface WatchedStore extends Pick<Store, "networks" | "endpoints" | "containers" | "peers"> {
  /** Differs after each commit of another process; those of this one do not count. */
  version(): number;
}

/** The truth about what tsd made. Several processes use it at once; see {@link Store.transaction}. */
export interface Store {
  readonly path: string;
  readonly networks: Table<NetworkRow>;
  readonly endpoints: EndpointTable;
  readonly containers: ContainerTable;
  readonly images: ImageTable;
  readonly volumes: Table<VolumeRow>;
  readonly peers: PeerTable;
  readonly leases: LeaseTable;
  readonly debts: DebtTable;
  readonly settings: SettingTable;
  readonly changes: ChangeLog;
  /**
   * Why nothing could be written when it was last tried: the disk is full, read-only or failing. Rows are then read from a
   * copy in memory, and a transaction tries once more. Undefined where all is well.
   */
  readonly unwritable: unknown;
  /** Whether rows have been written since it was opened. */
  readonly hasWritten: boolean;
  /** Grows with each change that this process makes, and with each commit of another. */
  revision(): number;
  /**
   * Throws `store` where the disk has no room for anything new, beside what is kept for what frees. Inserting a row asks by
   * itself; a change that adds to one asks here.
   */
  requireRoom(): void;
  /** What rows list at a place of the host, without reading them. */
  listing(place: Place): readonly Listed[];
  /** Names that resources of a kind have on the host. */
  namesOnHost(kind: PlaceKind): readonly string[];
  /** True if a transaction could begin at this moment: no process is writing, and the file may be written. */
  isIdle(): boolean;
  /** Runs `work` as the only writer, and commits unless it throws. Nested calls join the outer one. */
  transaction<T>(work: () => T): T;
  /**
   * A {@link Store.transaction} that survives the death of the process at once, and a power cut only with the next
   * ordinary one. For rows about what a power cut takes away itself, such as links of the kernel.
   */
  unsyncedTransaction<T>(work: () => T): T;
  close(): void;
}
