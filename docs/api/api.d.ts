// What @tsdnet/tsd/api declares. TSD_UPDATE_GOLDEN=1 script/check writes this file.

export declare const API_VERSION = 1;

export interface Address extends InNetns {
    readonly kind: "address";
    readonly link: string;
    readonly address: string;
}

export interface AddressProposal {
    readonly networkId: string;
    readonly pool: Pool;
    readonly options: RawOptions;
    readonly holder: string;
    readonly address?: string;
    readonly mac?: string;
    readonly container?: string;
    readonly leased: readonly string[];
}

export interface Allow extends IntentBase {
    readonly kind: "allow";
    readonly protocol: Protocol;
    readonly address: string;
    readonly port: number;
    readonly count: number;
    readonly from?: string;
}

export interface Announcement extends InNetns {
    readonly kind: "announcement";
    readonly link: string;
    readonly mac: string;
    readonly addresses: readonly string[];
    readonly port: string;
    readonly times: number;
    readonly interval: number;
}

export interface AttachSpec extends NetworkAttachment {
    readonly id?: string;
    readonly netns: string;
    readonly interface?: string;
    readonly publish?: readonly string[];
    readonly labels?: Labels;
    readonly reservesPorts?: boolean;
    readonly loopback?: boolean;
    readonly handover?: string;
}

export interface AttachedEndpoint {
    readonly endpoint: Endpoint;
    readonly network: string;
    readonly gateway?: string;
    readonly gateway6?: string;
}

export type Availability = {
    readonly usable: true;
    readonly version: string;
} | {
    readonly usable: false;
    readonly reason: string;
    readonly hint: string;
};

export declare const BOUNDARY_OPERATIONS = "tsd:operation";

export interface BoundaryOperation {
    readonly phase: "before" | "after";
    readonly into: "store" | "netlink" | "link" | "sysctl" | "netns" | "file" | "mount" | "program" | "process" | "plugin" | "registry" | "cluster";
    readonly what: string;
    readonly reads?: boolean;
    readonly took?: number;
    readonly error?: unknown;
}

export interface BridgeLink extends LinkBase {
    readonly type: "bridge";
}

export interface CallStep {
    readonly verb: "run";
    readonly what: string;
    readonly sends: readonly string[];
}

export interface CaptureOptions {
    readonly network?: string;
    readonly args?: readonly string[];
    readonly streams: Streams;
    readonly onStart?: (send: SendSignal) => void;
}

export interface Change {
    readonly number: number;
    readonly time: string;
    readonly kind: "network" | "container" | "endpoint" | "image" | "volume";
    readonly id: string;
    readonly name?: string;
    readonly what: string;
    readonly action?: string;
    readonly attributes?: Readonly<Record<string, string>>;
}

export interface Cluster {
    join(spec: ClusterSpec): Promise<ClusterHost>;
    leave(options?: {
        readonly force?: boolean;
    }): Promise<void>;
    list(): Promise<readonly ClusterHost[]>;
    inspect(): Promise<ClusterDetails>;
    remove(host: string, options?: {
        readonly force?: boolean;
    }): Promise<void>;
    rotateKeys(networks?: readonly string[]): Promise<readonly RotatedKey[]>;
}

export interface ClusterDetails {
    readonly cluster: string;
    readonly etcd: readonly string[];
    readonly hosts: readonly ClusterHost[];
    readonly networks: readonly ClusterNetwork[];
}

export interface ClusterHost {
    readonly name: string;
    readonly address: string;
    readonly joined: string;
    readonly isSelf: boolean;
    readonly isAlive: boolean;
    readonly networks: readonly string[];
}

export interface ClusterMembership {
    readonly kind: "membership";
    readonly network: string;
}

export interface ClusterNetwork {
    readonly name: string;
    readonly id: string;
    readonly vni: number;
    readonly subnets: readonly string[];
    readonly hosts: readonly {
        readonly name: string;
        readonly blocks: readonly string[];
        readonly wireguard?: WireguardEnd;
    }[];
    readonly troubles: readonly string[];
}

export interface ClusterPlace {
    readonly vni: number;
    readonly host: string;
    readonly address: string;
    readonly mtu: number;
    readonly mac: string;
    readonly blocks: readonly string[];
    readonly lost?: readonly string[];
    readonly recorded?: number;
    readonly wireguard?: {
        readonly port: number;
        readonly generation: number;
    };
}

export interface ClusterSpec {
    readonly etcd?: readonly string[];
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly user?: string;
    readonly passwordFile?: string;
    readonly cluster?: string;
    readonly name?: string;
    readonly address?: string;
    readonly interface?: string;
}

export interface CommandResult {
    readonly exitCode: number;
    readonly stdout: string;
    readonly stderr: string;
    readonly detached?: true;
}

export interface CommonOptions {
    readonly iface_prefix?: string;
    readonly host_binding?: string;
    readonly ifname?: string;
    readonly sysctls?: string;
}

export interface ConfiguredNetwork {
    readonly network: string;
    readonly networkId: string;
    readonly attachment: NetworkAttachment;
}

export interface Container {
    readonly id: string;
    readonly name: string;
    readonly spec: ContainerSpec;
    readonly command: readonly string[];
    readonly imageId?: string;
    readonly layers: readonly string[];
    readonly created: string;
    readonly status: ContainerStatus;
    readonly attached: boolean;
    readonly stopSignal: string;
    readonly pid?: number;
    readonly sandbox?: Sandbox;
    readonly pidStart?: number;
    readonly startedAt?: string;
    readonly finishedAt?: string;
    readonly exitCode?: number;
    readonly outOfMemory?: boolean;
    readonly runtime?: string;
    readonly paused?: boolean;
    readonly restartCount?: number;
    readonly restartAt?: string;
    readonly restartDelay?: number;
    readonly restartFailure?: string;
    readonly stoppedByUser?: boolean;
    readonly healthCheck?: HealthCheck;
    readonly health?: Health;
}

export interface ContainerChanges extends LimitChanges {
    readonly restart?: RestartPolicy;
}

export interface ContainerDetails {
    readonly container: Container;
    readonly image?: ImageConfig;
    readonly configured?: readonly ConfiguredNetwork[];
    readonly netns?: string;
    readonly endpoints: readonly AttachedEndpoint[];
    readonly logPath?: string;
    readonly overlay?: Overlay;
    readonly mounts: readonly ContainerMount[];
}

export interface ContainerFileMethods {
    statPath(ref: string, path: string): Promise<PathStatus>;
    copyOut(ref: string, path: string, options?: CopySourceOptions): Promise<CopiedOut>;
    copyIn(ref: string, path: string, archive: AsyncIterable<Uint8Array>, options?: CopyOptions): Promise<void>;
    copyToHost(ref: string, path: string, destination: string, options?: CopySourceOptions): Promise<number>;
    copyFromHost(ref: string, source: string, path: string, options?: CopySourceOptions): Promise<number>;
    changes(ref: string): Promise<readonly FileChange[]>;
    exportFiles(ref: string): Promise<Readable>;
    size(ref: string): Promise<ContainerSize>;
}

export interface ContainerLife {
    readonly autoRemove?: boolean;
    readonly restart?: RestartPolicy;
    readonly health?: Partial<HealthCheck>;
    readonly stopSignal?: string;
    readonly stopTimeout?: number;
    readonly log?: LogSettings;
}

export interface ContainerLimits {
    readonly memory?: number;
    readonly memorySwap?: number;
    readonly memoryReservation?: number;
    readonly memorySwappiness?: number;
    readonly oomKillDisable?: boolean;
    readonly cpus?: number;
    readonly cpuShares?: number;
    readonly cpuQuota?: number;
    readonly cpuPeriod?: number;
    readonly cpuset?: string;
    readonly cpusetMems?: string;
    readonly pidsLimit?: number;
    readonly blkioWeight?: number;
    readonly oomScoreAdj?: number;
    readonly ulimits?: readonly Ulimit[];
    readonly shmSize?: number;
}

export interface ContainerMount {
    readonly type: "bind" | "volume" | "tmpfs";
    readonly name?: string;
    readonly source?: string;
    readonly target: string;
    readonly readOnly: boolean;
    readonly propagation?: string;
}

export interface ContainerPrivileges {
    readonly privileged?: boolean;
    readonly capAdd?: readonly string[];
    readonly capDrop?: readonly string[];
    readonly devices?: readonly string[];
    readonly deviceCgroupRules?: readonly string[];
    readonly securityOptions?: readonly string[];
    readonly groups?: readonly string[];
    readonly pid?: string;
    readonly ipc?: string;
    readonly uts?: string;
    readonly cgroupns?: string;
    readonly readOnly?: boolean;
    readonly init?: boolean;
    readonly annotations?: Labels;
    readonly runtime?: string;
}

export interface ContainerSize {
    readonly written: number;
    readonly total: number;
}

export interface ContainerSpec extends ContainerLimits, ContainerPrivileges, ContainerStorage, ContainerLife {
    readonly name?: string;
    readonly image?: string;
    readonly rootfs?: string;
    readonly command?: readonly string[];
    readonly entrypoint?: readonly string[];
    readonly env?: readonly string[];
    readonly workdir?: string;
    readonly hostname?: string;
    readonly domainname?: string;
    readonly user?: string;
    readonly tty?: boolean;
    readonly interactive?: boolean;
    readonly labels?: Labels;
    readonly networks?: readonly NetworkAttachment[];
    readonly links?: readonly string[];
    readonly expose?: readonly string[];
    readonly publishAll?: boolean;
    readonly dns?: readonly string[];
    readonly dnsSearch?: readonly string[];
    readonly dnsOptions?: readonly string[];
    readonly addHosts?: readonly string[];
    readonly sysctls?: RawOptions;
    readonly publish?: readonly string[];
}

export interface ContainerStats {
    readonly id: string;
    readonly name: string;
    readonly time: string;
    readonly cpu?: number;
    readonly cpuUser?: number;
    readonly cpuKernel?: number;
    readonly throttling?: Throttling;
    readonly memory?: number;
    readonly memoryLimit: number;
    readonly pids?: number;
    readonly blockRead?: number;
    readonly blockWritten?: number;
    readonly interfaces: readonly InterfaceTraffic[];
    readonly ports: readonly PortTraffic[];
}

export type ContainerStatus = "created" | "starting" | "running" | "restarting" | "stopping" | "exited";

export interface ContainerStorage {
    readonly volumes?: readonly string[];
    readonly mounts?: readonly MountSpec[];
    readonly tmpfs?: readonly string[];
    readonly volumesFrom?: readonly string[];
}

export interface Containers extends ContainerFileMethods {
    create(spec: ContainerSpec): Promise<Container>;
    start(ref: string): Promise<Container>;
    run(spec: ContainerSpec, options?: ForegroundOptions): Promise<CommandResult>;
    runDetached(spec: ContainerSpec): Promise<Container>;
    startAttached(ref: string, options?: ForegroundOptions): Promise<CommandResult>;
    attach(ref: string, options?: ForegroundOptions): Promise<CommandResult>;
    stop(ref: string, options?: StopOptions): Promise<Container>;
    restart(ref: string, options?: StopOptions): Promise<Container>;
    kill(ref: string, signal: string): Promise<Container>;
    resize(ref: string, size: TerminalSize): Promise<void>;
    pause(ref: string): Promise<Container>;
    unpause(ref: string): Promise<Container>;
    update(ref: string, changes: ContainerChanges): Promise<Container>;
    remove(ref: string, options?: RemovalOptions): Promise<Container & Forgotten>;
    removeTogether(refs: readonly string[]): Promise<ReadonlyMap<string, Container>>;
    rename(ref: string, name: string): Promise<Container>;
    prune(isMeant?: (container: Container) => boolean): Promise<Pruned<Container>>;
    wait(ref: string, options?: WaitOptions): Promise<number>;
    exec(ref: string, spec: ExecSpec, options?: ExecOptions): Promise<CommandResult>;
    execDetached(ref: string, spec: ExecSpec): Promise<void>;
    top(ref: string, options?: readonly string[]): Promise<ProcessList>;
    stats(ref: string, options?: StatsOptions): Promise<ContainerStats>;
    statsOf(refs: readonly string[], options?: StatsOptions): Promise<readonly ContainerStats[]>;
    publish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]>;
    unpublish(ref: string, ports: readonly string[]): Promise<readonly PortBinding[]>;
    logs(ref: string, options?: LogOptions): AsyncIterable<LogLine>;
    list(options?: {
        readonly all?: boolean;
    }): readonly ContainerDetails[];
    inspect(ref: string): ContainerDetails;
    toStartAtBoot(): readonly Container[];
    release(id: string): Promise<void>;
}

export interface CopiedOut {
    readonly status: PathStatus;
    readonly archive: Readable;
}

export interface CopyOptions {
    readonly keepOwner?: boolean;
}

export interface CopySourceOptions extends CopyOptions {
    readonly follow?: boolean;
}

export interface Damage {
    readonly where: string;
    readonly what: string;
}

export type Descriptions = Readonly<Record<string, string>>;

export interface Detached extends Forgotten {
    readonly endpoints: readonly Endpoint[];
}

export interface Directory {
    readonly kind: "directory";
    readonly path: string;
    readonly mode?: number;
}

export interface DiskUsage {
    readonly images: readonly ImageUsage[];
    readonly layers: number;
    readonly unusedLayers: number;
    readonly containers: readonly {
        readonly container: Container;
        readonly size: ContainerSize;
    }[];
    readonly volumes: readonly {
        readonly volume: Volume;
        readonly users: number;
        readonly size: number;
    }[];
}

export interface Drift {
    readonly resource: Resource;
    readonly problem: "missing" | "different" | "unchecked";
    readonly found?: string;
}

export interface DriverCapabilities {
    readonly needsIpam: boolean;
    readonly publishes: boolean;
    readonly namespace: "own" | "host" | "container" | "path";
    readonly joinsLan?: boolean;
    readonly spansHosts?: boolean;
    readonly singleton: boolean;
}

export interface Endpoint {
    readonly id: string;
    readonly networkId: string;
    readonly netns: string;
    readonly interface: string;
    readonly mac: string;
    readonly requestedMac?: string;
    readonly addresses: readonly string[];
    readonly ports: readonly PortBinding[];
    readonly opened?: readonly PortBinding[];
    readonly metric?: number;
    readonly gatewayPriority?: number;
    readonly aliases?: readonly string[];
    readonly links?: readonly EndpointLink[];
    readonly options?: RawOptions;
    readonly handover?: string;
    readonly labels?: Labels;
    readonly reservesPorts?: boolean;
}

export interface EndpointDetails {
    readonly endpoint: Endpoint;
    readonly network: Network;
    readonly resources: readonly Resource[];
}

export interface EndpointLink {
    readonly addresses: readonly string[];
    readonly ports: readonly {
        readonly protocol: Protocol;
        readonly port: number;
        readonly count: number;
    }[];
}

export interface EndpointPeer extends PeerBase {
    readonly kind: "endpoint";
    readonly mac: string;
    readonly addresses: readonly string[];
    readonly blocks?: readonly string[];
    readonly hostMac?: string;
    readonly names: readonly string[];
}

export interface Endpoints {
    attach(spec: AttachSpec): Promise<Endpoint>;
    attachMany(specs: readonly AttachSpec[]): Promise<readonly Endpoint[]>;
    inspect(ref: string): EndpointDetails;
    place(ref: string, netns: string): Promise<Endpoint>;
    publish(ref: string, ports: readonly string[]): Promise<Endpoint>;
    detach(ref: string, options?: RemovalOptions): Promise<Endpoint & Forgotten>;
    detachMany(refs: readonly string[], options?: RemovalOptions): Promise<Detached>;
    list(): readonly Endpoint[];
}

export type ErrorKind = "invalid-input" | "not-found" | "conflict" | "exhausted" | "unsupported" | "permission" | "kernel" | "runtime" | "store" | "plugin";

export interface ExecOptions extends LeaveOptions {
    readonly streams?: Streams;
    readonly onStart?: (send: SendSignal) => void;
    readonly onCommand?: (pid: number) => void;
    readonly signal?: AbortSignal;
}

export interface ExecSpec {
    readonly id?: string;
    readonly command: readonly string[];
    readonly tty?: boolean;
    readonly interactive?: boolean;
    readonly env?: readonly string[];
    readonly workdir?: string;
    readonly user?: string;
    readonly privileged?: boolean;
}

export interface Explanation {
    readonly named?: string;
    readonly hops: readonly Hop[];
    readonly verdict: Verdict;
    readonly cautions: readonly string[];
}

export interface Extension {
    readonly name: string;
    readonly apiVersion: number;
    readonly drivers?: readonly NetworkDriver[];
    readonly natBackends?: readonly NatBackend[];
    readonly ipam?: readonly IpamDriver[];
    readonly providers?: readonly Provider[];
    readonly linkKinds?: readonly LinkKind[];
}

export type Facts = Readonly<Record<string, unknown>>;

export type Family = (typeof families)[number];

export interface File {
    readonly kind: "file";
    readonly path: string;
    readonly content: string;
    readonly mode?: number;
    readonly mark?: string;
    readonly replaces?: readonly string[];
}

export interface FileChange {
    readonly kind: "added" | "changed" | "deleted";
    readonly path: string;
}

export interface Finding {
    readonly problem: string;
    readonly remedy: string;
    readonly harmless?: boolean;
}

export interface ForegroundOptions extends LeaveOptions {
    readonly streams?: Streams;
    readonly onStart?: (container: Container) => void;
    readonly input?: boolean;
}

export interface Forgotten {
    readonly forgotten?: readonly Resource[];
}

export interface ForwardChain {
    readonly tool: "nft" | "iptables-legacy";
    readonly family: "inet" | "ip" | "ip6" | "bridge";
    readonly table: string;
    readonly name: string;
}

export interface ForwardDrop {
    readonly chain: ForwardChain;
    readonly words: string;
    readonly packets: readonly ForwardedPacket[];
    readonly closed?: string;
}

export interface ForwardedPacket {
    readonly from: string;
    readonly to: string;
    readonly bridged?: true;
    readonly family: 4 | 6;
    readonly state: "new" | "established" | "untracked";
    readonly translated?: boolean;
    readonly protocol?: string;
    readonly source?: string;
    readonly destination?: string;
    readonly port?: number;
}

export interface ForwardingEntry extends InNetns {
    readonly kind: "fdb";
    readonly link: string;
    readonly mac: string;
    readonly remote: string;
    readonly via?: string;
    readonly bridged?: boolean;
}

export interface Guard extends IntentBase {
    readonly kind: "guard";
    readonly link: string;
    readonly mac: string;
    readonly addresses: readonly string[];
    readonly shared?: boolean;
}

export interface Health {
    readonly status: "starting" | "healthy" | "unhealthy";
    readonly failingStreak: number;
    readonly log: readonly HealthResult[];
}

export interface HealthCheck {
    readonly test: readonly string[];
    readonly interval?: number;
    readonly timeout?: number;
    readonly startPeriod?: number;
    readonly startInterval?: number;
    readonly retries?: number;
}

export interface HealthResult {
    readonly start: string;
    readonly end: string;
    readonly exitCode: number;
    readonly output: string;
}

export interface HealthTimer {
    readonly kind: "health";
    readonly container: string;
}

export interface Hop {
    readonly place: string;
    readonly netns?: string;
    readonly what: string;
    readonly by?: string;
    readonly drifts?: readonly Drift[];
    readonly amiss?: string;
}

export type HostDrift = OwnedDrift | OrphanDrift | Outdated | SkeletonDamage | Unheard;

export interface HostLink {
    readonly name: string;
    readonly kind?: string;
    readonly up: boolean;
    readonly mtu: number;
    readonly mac?: string;
    readonly parent?: string;
    readonly master?: string;
    readonly addresses: readonly string[];
    readonly network?: string;
}

export interface HostMap {
    readonly host: string;
    readonly uplinks: readonly MapUplink[];
    readonly networks: readonly MapNetwork[];
    readonly stacks: readonly MapStack[];
    readonly drifts: readonly (OrphanDrift | SkeletonDamage)[];
}

export type HostNetwork = Pick<Network, "name" | "driver" | "options" | "facts">;

export interface HostPeer extends PeerBase {
    readonly kind: "host";
    readonly mac: string;
    readonly blocks: readonly string[];
    readonly wireguard?: WireguardEnd;
}

export interface HostSettings {
    readonly bridge?: string;
    readonly bip?: string;
    readonly "fixed-cidr"?: string;
    readonly ipv6?: boolean;
    readonly "fixed-cidr-v6"?: string;
    readonly icc?: boolean;
    readonly "ip-forward"?: boolean;
    readonly ip?: string;
    readonly mtu?: number | "auto";
    readonly "default-address-pools"?: readonly PoolBase[];
    readonly nat?: string;
    readonly registries?: RegistrySettings;
}

export interface HostView {
    link(name: string): HostLink | undefined;
    links(): readonly HostLink[];
    networks(): readonly HostNetwork[];
    routes(): readonly {
        readonly destination: string;
        readonly link: string;
    }[];
    lacksWireguard(): string | undefined;
}

export interface Image {
    readonly id: string;
    readonly names: readonly string[];
    readonly layers: readonly string[];
    readonly config: ImageConfig;
    readonly size: number;
    readonly created: string;
    readonly digests?: readonly string[];
}

export interface ImageConfig {
    readonly entrypoint: readonly string[];
    readonly command: readonly string[];
    readonly env: readonly string[];
    readonly workdir?: string;
    readonly user?: string;
    readonly exposedPorts: readonly string[];
    readonly labels?: Labels;
    readonly stopSignal?: string;
    readonly health?: HealthCheck;
    readonly volumes?: readonly string[];
}

export interface ImageDetails {
    readonly image: Image;
    readonly configuration?: Readonly<Record<string, unknown>>;
}

export interface ImageHistoryEntry {
    readonly created?: string;
    readonly createdBy: string;
    readonly comment: string;
    readonly size: number;
}

export interface ImagePruneOptions {
    readonly all?: boolean;
    readonly isMeant?: (image: Image) => boolean;
}

export interface ImageRemoval {
    readonly force?: boolean;
}

export interface ImageSource {
    readonly from: string | NodeJS.ReadableStream;
    readonly onProgress?: Progress;
}

export interface ImageUsage {
    readonly image: Image;
    readonly size: number;
    readonly shared: number;
    readonly users: number;
}

export interface Images {
    import(source: ImageSource, name?: string, options?: ImportOptions): Promise<Image>;
    pull(reference: string, options?: PullOptions): Promise<PulledImage>;
    tag(ref: string, name: string): Promise<Image>;
    save(refs: readonly string[]): AsyncIterable<Uint8Array>;
    history(ref: string): Promise<readonly ImageHistoryEntry[]>;
    inspect(ref: string): ImageDetails;
    load(source: ImageSource): Promise<readonly Image[]>;
    list(): readonly Image[];
    get(ref: string): Image;
    remove(ref: string, options?: ImageRemoval): Promise<Image>;
    remove(ref: string): Promise<Image>;
    prune(options?: ImagePruneOptions): Promise<Pruned<Image>>;
}

export interface ImportOptions {
    readonly changes?: readonly string[];
    readonly comment?: string;
}

export interface InNetns {
    readonly netns?: string;
}

export type Instant = Date | string;

interface IntentBase extends Owned {
    readonly bridge: string;
}

export interface InterfaceTraffic {
    readonly interface: string;
    readonly network?: string;
    readonly received: Traffic;
    readonly sent: Traffic;
}

export interface IpamDriver {
    readonly name: string;
    parseOptions(raw: RawOptions): RawOptions;
    proposePool(proposal: PoolProposal): Promise<Pool> | Pool;
    releasePool(network: Pick<PoolProposal, "networkId" | "options">): Promise<void> | void;
    proposeAddress(proposal: AddressProposal): Promise<string> | string;
    releaseAddress(lease: Pick<AddressProposal, "networkId" | "options" | "holder">): Promise<void> | void;
}

export interface Isolate extends IntentBase {
    readonly kind: "isolate";
    readonly apart?: boolean;
    readonly only?: "apart";
    readonly internal?: boolean;
    readonly group?: number;
    readonly trunk?: string;
    readonly inlet?: {
        readonly link: string;
        readonly addresses: readonly string[];
    };
    readonly remote?: {
        readonly link: string;
        readonly subnets: readonly string[];
    };
    readonly open?: boolean;
    readonly pingable?: boolean;
    readonly guarded?: boolean;
}

export type Labels = Readonly<Record<string, string>>;

export interface LayerProgress {
    readonly layer: string;
    readonly status: "waiting" | "exists" | "downloading" | "downloaded" | "complete";
    readonly done: number;
    readonly total: number;
}

export type Learned = Partial<Pick<Endpoint, "interface" | "mac" | "addresses">>;

export interface LeaveOptions {
    readonly detachKeys?: string;
    readonly leave?: AbortSignal;
}

export type LeftWork = "finish" | "if-idle" | "leave";

export type LifeState = "creating" | "ready" | "changing" | "deleting";

export type LimitChanges = Pick<ContainerLimits, "memory" | "memorySwap" | "memoryReservation" | "cpus" | "cpuShares" | "cpuQuota" | "cpuPeriod" | "cpuset" | "cpusetMems" | "pidsLimit" | "blkioWeight">;

export type Link = LinkTypes[keyof LinkTypes];

export type LinkAttribute = {
    readonly type: number;
} & ({
    readonly u8: number;
} | {
    readonly u16: number;
} | {
    readonly u32: number;
} | {
    readonly bytes: Uint8Array;
} | {
    readonly nested: readonly LinkAttribute[];
});

export interface LinkBase extends InNetns {
    readonly kind: "link";
    readonly name: string;
    readonly mac?: string;
    readonly mtu?: number;
    readonly master?: string;
    readonly handedOver?: boolean;
}

export interface LinkKind<L extends LinkBase & {
    readonly type: string;
} = Link> {
    readonly type: L["type"];
    readonly feature?: {
        readonly module: string;
        readonly config: string;
    };
    parent?(link: L): string;
    data(link: L): readonly LinkAttribute[];
    words(link: L): readonly string[];
}

export interface LinkTypes {
    bridge: BridgeLink;
    veth: VethLink;
    vxlan: VxlanLink;
    wireguard: WireguardLink;
    loopback: LoopbackLink;
}

export interface Localnet {
    readonly kind: "localnet";
    readonly link: string;
    readonly foreignPorts?: boolean;
    readonly restore?: string;
    readonly keepsQdisc?: boolean;
}

export interface LogLine {
    readonly stream: "stdout" | "stderr";
    readonly time: string;
    readonly text: string;
}

export interface LogOptions {
    readonly follow?: boolean;
    readonly tail?: number;
    readonly since?: Instant;
    readonly until?: Instant;
    readonly signal?: AbortSignal;
}

export interface LogSettings {
    readonly driver?: string;
    readonly maxSize?: number;
    readonly maxFiles?: number;
}

export interface LoopbackLink extends LinkBase {
    readonly type: "loopback";
    readonly name: "lo";
}

export interface MapAttachment {
    readonly networkId: string;
    readonly endpointId?: string;
    readonly interface?: string;
    readonly addresses: readonly string[];
    readonly ports: readonly PortBinding[];
    readonly reservesPorts?: boolean;
}

export interface MapContainer {
    readonly id: string;
    readonly name: string;
    readonly status: ContainerStatus;
    readonly paused?: boolean;
    readonly startedAt?: string;
}

export interface MapElsewhere {
    readonly host?: string;
    readonly hosts: number;
    readonly name?: string;
    readonly endpoints: number;
}

export interface MapNetwork {
    readonly id: string;
    readonly name: string;
    readonly driver: string;
    readonly link?: string;
    readonly subnets: readonly string[];
    readonly traits: readonly string[];
    readonly drifts: readonly (OwnedDrift | Outdated)[];
}

export interface MapStack {
    readonly id: string;
    readonly elsewhere?: MapElsewhere;
    readonly netns?: string;
    readonly containers: readonly MapContainer[];
    readonly mode?: string;
    readonly attachments: readonly MapAttachment[];
    readonly drifts: readonly (OwnedDrift | Unheard)[];
}

export interface MapUplink {
    readonly name: string;
    readonly addresses: readonly string[];
}

export interface Masquerade extends IntentBase {
    readonly kind: "masquerade";
    readonly subnet: string;
    readonly address?: string;
    readonly group?: number;
}

export interface Member extends Owned {
    readonly kind: "member";
    readonly vni: number;
    readonly port: number;
    readonly address: string;
}

export interface MountSpec {
    readonly type: "bind" | "volume" | "tmpfs";
    readonly source?: string;
    readonly target: string;
    readonly readOnly?: boolean;
    readonly propagation?: string;
    readonly nonRecursive?: boolean;
    readonly createSource?: boolean;
    readonly noCopy?: boolean;
    readonly subpath?: string;
    readonly size?: number;
    readonly mode?: number;
    readonly options?: readonly string[];
}

export interface NatBackend extends Provider<NatIntent["kind"]> {
    readonly name: string;
    readonly kinds: readonly NatIntent["kind"][];
    probe(): Promise<Availability>;
    purge(owners?: ReadonlySet<string>): Promise<void>;
    ruleFor?(effect: PacketEffect): string | undefined;
    readonly sweeper?: Sweeper<NatIntent>;
    describePurge(owners?: ReadonlySet<string>): Promise<readonly string[]>;
    readonly skeleton?: Skeleton;
}

export type NatIntent = Masquerade | Isolate | Publish | Allow | Guard | Segment | Member;

export interface Neighbour extends InNetns {
    readonly kind: "neighbour";
    readonly link: string;
    readonly address: string;
    readonly mac: string;
}

export interface Netns {
    readonly kind: "netns";
    readonly path: string;
    readonly process?: RuntimeProcess;
}

export interface Network {
    readonly id: string;
    readonly name: string;
    readonly driver: string;
    readonly extension?: string;
    readonly created: string;
    readonly subnets: readonly Subnet[];
    readonly options: RawOptions;
    readonly labels: Labels;
    readonly mac: string;
    readonly uplinks: readonly Uplink[];
    readonly internal?: boolean;
    readonly egressMtu?: number;
    readonly leaveForwarding?: boolean;
    readonly forwarding6?: boolean;
    readonly facts?: Facts;
    readonly ipam?: NetworkIpam;
    readonly passages?: readonly ForwardChain[];
    readonly cluster?: ClusterPlace;
    readonly managedBy?: string;
    readonly dns?: readonly string[];
    readonly disableDns?: boolean;
}

export interface NetworkAttachment {
    readonly network: string;
    readonly address?: string;
    readonly address6?: string;
    readonly mac?: string;
    readonly aliases?: readonly string[];
    readonly links?: readonly string[];
    readonly gatewayPriority?: number;
    readonly options?: RawOptions;
}

export interface NetworkChange {
    readonly labels?: Labels;
    readonly withoutLabels?: readonly string[];
    readonly dns?: readonly string[];
    readonly options?: RawOptions;
}

export interface NetworkDetails {
    readonly network: Network;
    readonly hasResolver: boolean;
    readonly endpoints: readonly {
        readonly endpoint: Endpoint;
        readonly container?: {
            readonly id: string;
            readonly name: string;
        };
    }[];
}

export interface NetworkDriver {
    readonly type: string;
    readonly capabilities: DriverCapabilities;
    parseOptions(raw: RawOptions): RawOptions;
    parseEndpointOptions(raw: RawOptions): RawOptions;
    observe?(host: HostView, network: Pick<Network, "id" | "name" | "options" | "internal">): Facts;
    network(network: Network): readonly Resource[];
    reachedDirectly?(network: Network): readonly (4 | 6)[];
    sharedMac?(network: Network): string | undefined;
    readonly changeable?: readonly string[];
    endpoint(network: Network, endpoint: Endpoint): readonly Resource[];
    peer?(network: Network, peer: Peer): readonly Resource[];
}

export interface NetworkIpam {
    readonly driver: string;
    readonly options: RawOptions;
}

export interface NetworkMember {
    readonly host: string;
    readonly address: string;
    readonly blocks: readonly string[];
    readonly wireguard?: WireguardEnd;
    readonly endpoints: readonly {
        readonly id: string;
        readonly mac: string;
        readonly addresses: readonly string[];
        readonly names: readonly string[];
    }[];
}

export interface NetworkName {
    readonly name: string;
    readonly addresses: readonly string[];
    readonly container: {
        readonly id: string;
        readonly name: string;
    };
    readonly network: {
        readonly id: string;
        readonly name: string;
    };
}

export interface NetworkOverview extends Omit<NetworkDetails, "network"> {
    readonly network: Network | SharedNetwork;
    readonly members: readonly NetworkMember[];
}

export interface NetworkSpec {
    readonly name: string;
    readonly driver?: string;
    readonly subnets?: readonly string[];
    readonly gateways?: readonly string[];
    readonly ranges?: readonly string[];
    readonly auxiliary?: Readonly<Record<string, string>>;
    readonly ipv4?: boolean;
    readonly ipv6?: boolean;
    readonly internal?: boolean;
    readonly labels?: Labels;
    readonly options?: RawOptions;
    readonly ipam?: {
        readonly driver: string;
        readonly options?: RawOptions;
    };
    readonly allowOverlap?: boolean;
    readonly managedBy?: string;
    readonly opensChains?: boolean;
    readonly dns?: readonly string[];
    readonly disableDns?: boolean;
}

export interface Networks {
    create(spec: NetworkSpec): Promise<Network>;
    list(): readonly Network[];
    update(ref: string, change: NetworkChange): Promise<Network>;
    inspect(ref: string): NetworkDetails;
    prepare(ref: string): Promise<void>;
    overview(ref: string): Promise<NetworkOverview>;
    shared(name: string): Promise<SharedNetwork | undefined>;
    names(ref?: string): readonly NetworkName[];
    remove(ref: string, options?: RemovalOptions): Promise<Network & Forgotten>;
    prune(options?: {
        readonly only?: (network: Network) => boolean;
    }): Promise<readonly Network[]>;
    connect(target: string, attachment: NetworkAttachment): Promise<Endpoint | undefined>;
    connectMany(targets: readonly string[], attachment: NetworkAttachment): Promise<readonly (Endpoint | undefined)[]>;
    disconnect(target: string, network: string, options?: RemovalOptions): Promise<Forgotten>;
}

export type OnStep = (step: Step) => void;

export interface Option {
    readonly names: readonly [canonical: string, ...aliases: string[]];
    readonly valid: (value: string, key: string) => boolean;
    readonly expected: string;
}

export interface OptionTable {
    readonly of: string;
    readonly flag: string;
    readonly options: readonly Option[];
}

export interface Orphan {
    readonly kind: string;
    readonly what: string;
    readonly why: string;
    readonly standing?: "unmarked" | "ownerless";
}

export interface OrphanDrift extends Orphan {
    readonly problem: "stray";
}

export interface Outdated {
    readonly problem: "outdated";
    readonly of: {
        readonly kind: "network";
        readonly id: string;
        readonly name: string;
    };
    readonly what: string;
}

export interface Overlay {
    readonly kind: "overlay";
    readonly path: string;
    readonly lower: readonly string[];
    readonly upper: string;
    readonly work: string;
    readonly volatile?: boolean;
}

interface Owned {
    readonly owner: string;
}

export interface OwnedDrift extends Drift {
    readonly of: {
        readonly kind: "network" | "container" | "endpoint" | "volume" | "peer";
        readonly id: string;
        readonly name: string;
    };
    readonly repairable: boolean;
    readonly obstacle?: string;
}

export interface PacketEffect {
    readonly intent: NatIntent;
    readonly aspect?: "neighbour" | "open" | "pingable" | "published" | "else" | "internal" | "hairpin" | "loopback" | "trunk";
    readonly family: 4 | 6;
    readonly port?: number;
}

export interface Passage {
    readonly kind: "passage";
    readonly owner: string;
    readonly bridge: string;
    readonly subnets: readonly string[];
    readonly chain: ForwardChain;
}

export interface PathStatus {
    readonly name: string;
    readonly type: "file" | "directory" | "link" | "other";
    readonly size: number;
    readonly mode: number;
    readonly modified: string;
    readonly linkTarget?: string;
}

export type Peer = HostPeer | EndpointPeer;

interface PeerBase {
    readonly id: string;
    readonly networkId: string;
    readonly host: string;
    readonly address: string;
}

export interface Plugin {
    readonly name: string;
    readonly version: string;
    readonly source: string;
    readonly apiVersion: number;
    readonly drivers: Descriptions;
    readonly natBackends: Descriptions;
    readonly ipam: Descriptions;
    readonly kinds: readonly string[];
    readonly linkTypes: readonly string[];
    readonly directory: string;
    readonly entry: string;
    readonly digest: string;
    readonly added: string;
}

export interface PluginDetails {
    readonly plugin: Plugin;
    readonly path: string;
    readonly users: readonly string[];
    readonly problem?: string;
}

export interface Plugins {
    add(source: string, options?: {
        readonly force?: boolean;
    }): Promise<{
        readonly plugin: Plugin;
        readonly replaced?: Plugin;
    }>;
    list(): readonly Plugin[];
    inspect(name: string): Promise<PluginDetails>;
    remove(name: string, options?: {
        readonly force?: boolean;
    }): Promise<Plugin>;
}

export interface Pool {
    readonly cidr: string;
    readonly gateway: string;
    readonly range?: string;
    readonly auxiliary?: Readonly<Record<string, string>>;
}

export interface PoolBase {
    readonly base: string;
    readonly size: number;
}

export interface PoolProposal extends Omit<PoolRequest, "defaults" | "allowOverlap"> {
    readonly family: 4 | 6;
    readonly networkName: string;
    readonly options: RawOptions;
}

export interface PoolRequest {
    readonly networkId: string;
    readonly subnet?: string;
    readonly family?: 4 | 6;
    readonly range?: string;
    readonly gateway?: string;
    readonly auxiliary?: Readonly<Record<string, string>>;
    readonly defaults?: readonly PoolBase[];
    readonly taken: readonly TakenRange[];
    readonly allowOverlap?: boolean;
}

export interface PortBinding {
    readonly protocol: Protocol;
    readonly hostAddress?: string;
    readonly hostPort: number;
    readonly containerPort: number;
    readonly count: number;
}

export interface PortTraffic {
    readonly protocol: string;
    readonly hostIp?: string;
    readonly hostPort: number;
    readonly containerPort: number;
    readonly connections: number;
    readonly received?: number;
    readonly sent?: number;
}

export interface Probe {
    readonly prediction: Explanation;
    readonly at?: string;
    readonly fact?: ProbeFact;
    readonly agrees?: boolean;
}

export interface ProbeFact {
    readonly outcome: "open" | "reply" | "refused" | "unreachable" | "silence";
    readonly detail?: string;
}

export interface ProcessList {
    readonly titles: readonly string[];
    readonly processes: readonly (readonly string[])[];
}

export type Progress = (done: number, total: number | undefined) => void;

export type Protocol = "tcp" | "udp" | "sctp";

export interface Provider<K extends ResourceKind = ResourceKind> {
    readonly kinds: readonly K[];
    ensure(resources: readonly ResourceOf<K>[]): Promise<void>;
    remove(resources: readonly ResourceOf<K>[]): Promise<void>;
    inspect(resources: readonly ResourceOf<K>[]): Promise<readonly Drift[]>;
    learn?(resource: ResourceOf<K>): Promise<Learned | undefined>;
    describe(verb: "ensure" | "remove", resources: readonly ResourceOf<K>[]): Promise<readonly string[]>;
}

export interface Pruned<T> {
    readonly removed: readonly T[];
    readonly bytes: number;
}

export interface Publish extends IntentBase {
    readonly kind: "publish";
    readonly protocol: Protocol;
    readonly hostAddress?: string;
    readonly hostPort: number;
    readonly containerAddress: string;
    readonly containerPort: number;
    readonly count: number;
}

export interface PullOptions {
    readonly platform?: string;
    readonly onFound?: (reference: string) => void;
    readonly onProgress?: (progress: LayerProgress) => void;
    readonly credentials?: RegistryCredentials | "none";
    readonly signal?: AbortSignal;
}

export interface PulledImage {
    readonly image: Image;
    readonly reference: string;
    readonly digest: string;
    readonly isNew: boolean;
}

export type RawOptions = Readonly<Record<string, string>>;

export interface ReachMatrix {
    readonly target: string;
    readonly names: readonly string[];
    readonly elsewhere: readonly {
        readonly host: string;
        readonly name: string;
    }[];
    readonly others?: {
        readonly hosts: number;
        readonly endpoints: number;
    };
    readonly verdicts: readonly (readonly Verdict[])[];
}

export interface ReachMatrixOptions {
    readonly port?: string;
    readonly network?: string;
}

import type { Readable } from "node:stream";

export interface RegistryCredentials {
    readonly user: string;
    readonly password: string;
}

export interface RegistrySettings {
    readonly mirrors?: Readonly<Record<string, readonly string[]>>;
    readonly insecure?: readonly string[];
}

export interface Remedy {
    readonly what: string;
    readonly command: readonly string[];
}

export interface RemovalOptions {
    readonly force?: boolean;
    readonly volumes?: boolean;
}

export interface ResolverListener {
    readonly kind: "resolver";
    readonly netns: string;
    readonly isEnding?: boolean;
}

export type Resource = ResourceOf<ResourceKind>;

export type ResourceKind = keyof ResourceKinds;

export interface ResourceKinds {
    netns: Netns;
    link: Link;
    address: Address;
    route: Route;
    neighbour: Neighbour;
    fdb: ForwardingEntry;
    wireguard: Wireguard;
    "wireguard peer": WireguardPeer;
    membership: ClusterMembership;
    sysctl: Sysctl;
    localnet: Localnet;
    passage: Passage;
    announcement: Announcement;
    resolver: ResolverListener;
    health: HealthTimer;
    rotation: RotationTimer;
    directory: Directory;
    file: File;
    overlay: Overlay;
    tmpfs: Tmpfs;
    volume: VolumeDirectory;
    "volume part": VolumePart;
    masquerade: Masquerade;
    isolate: Isolate;
    publish: Publish;
    allow: Allow;
    guard: Guard;
    segment: Segment;
    member: Member;
}

export type ResourceOf<K extends ResourceKind> = ResourceKinds[K];

export interface ResourceStep {
    readonly verb: "make" | "remove";
    readonly resources: readonly Resource[];
    readonly sends: readonly string[];
}

export interface RestartPolicy {
    readonly name: "no" | "on-failure" | "always" | "unless-stopped";
    readonly retries?: number;
}

export interface RotatedKey {
    readonly network: string;
    readonly publicKey: string;
}

export interface RotationTimer {
    readonly kind: "rotation";
    readonly container: string;
}

export interface Route extends InNetns {
    readonly kind: "route";
    readonly destination: string;
    readonly gateway?: string;
    readonly onlink?: boolean;
    readonly source?: string;
    readonly link: string;
    readonly metric?: number;
}

export interface RuntimeProcess {
    readonly pid: number;
    readonly start: number;
}

export interface Sandbox {
    readonly id: string;
    readonly netns?: string;
    readonly directory: string;
    readonly hostname: string;
    readonly domainname?: string;
    readonly maker?: string;
    readonly hosts: readonly string[];
}

export interface Segment extends Owned {
    readonly kind: "segment";
    readonly vni: number;
    readonly port: number;
    readonly link?: string;
}

export type SendSignal = (signal: NodeJS.Signals) => void;

export interface SharedNetwork extends Omit<Network, "mac" | "uplinks" | "cluster"> {
    readonly cluster: Pick<ClusterPlace, "vni">;
}

export interface Skeleton {
    inspect(): Promise<readonly Damage[]>;
    repair(): Promise<void>;
    describeRepair(): Promise<readonly string[]>;
}

export interface SkeletonDamage extends Damage {
    readonly problem: "damaged";
}

export interface SpanningOptions {
    readonly block?: string;
    readonly block_ipv6?: string;
    readonly vni?: string;
    readonly encrypted?: string;
    readonly port?: string;
}

export interface StatsOptions {
    readonly ports?: boolean;
}

export type Step = ResourceStep | CallStep;

export interface StopOptions {
    readonly signal?: AbortSignal;
    readonly timeout?: number | undefined;
    readonly stopSignal?: string;
}

export interface Streams {
    readonly stdin?: Readable;
    readonly stdout: Writable;
    readonly stderr: Writable;
}

export interface Subnet {
    readonly cidr: string;
    readonly gateway: string;
    readonly range?: string;
    readonly auxiliary?: Readonly<Record<string, string>>;
}

export interface SweepOptions {
    readonly force?: boolean;
}

export interface Sweeper<R extends Resource = Resource> {
    orphans(wanted: () => readonly R[]): Promise<readonly Orphan[]>;
    sweep(orphans: readonly Orphan[], options?: SweepOptions): Promise<void>;
}

export interface Sysctl extends InNetns {
    readonly kind: "sysctl";
    readonly key: string;
    readonly value: string;
    readonly restore?: string;
    readonly unless?: {
        readonly key: string;
        readonly value: string;
    };
}

export interface System {
    info(): Promise<SystemInfo>;
    init(settings: HostSettings, options?: {
        readonly reset?: boolean;
    }): Promise<HostSettings>;
    check(): Promise<readonly HostDrift[]>;
    doctor(): Promise<readonly Finding[]>;
    fix(): Promise<readonly ForwardDrop[]>;
    explain(from: string, to: string): Promise<Explanation>;
    explainMatrix(options?: ReachMatrixOptions): Promise<ReachMatrix>;
    probe(from: string, to: string): Promise<Probe>;
    capture(target: string, options: CaptureOptions): Promise<number>;
    map(options?: {
        readonly drifts?: readonly HostDrift[];
    }): Promise<HostMap>;
    gc(options?: {
        readonly force?: boolean;
    }): Promise<{
        readonly freed: readonly Orphan[];
        readonly left: readonly Orphan[];
    }>;
    reload(): Promise<{
        readonly found: readonly HostDrift[];
        readonly left: readonly HostDrift[];
    }>;
    events(options?: {
        readonly all?: boolean;
        readonly since?: Instant;
        readonly until?: Instant;
        readonly follow?: boolean;
        readonly signal?: AbortSignal;
    }): AsyncIterable<Change>;
    useNat(backend: string, options?: {
        readonly force?: boolean;
    }): Promise<string>;
}

export interface SystemInfo {
    readonly version: string;
    readonly apiVersion: number;
    readonly javascript: {
        readonly runtime: string;
        readonly version: string;
        readonly path: string;
    };
    readonly kernel: string;
    readonly root: string;
    readonly run: string;
    readonly drivers: readonly string[];
    readonly nat: {
        readonly backend: string;
        readonly why: string;
        readonly version: string;
        readonly transport: string;
        readonly problem?: string;
    };
    readonly runtime: Readonly<Record<string, string>>;
    readonly networks: number;
    readonly containers: {
        readonly total: number;
        readonly running: number;
    };
    readonly images: number;
}

export interface TakenRange {
    readonly cidr: string;
    readonly owner: string;
    readonly by: "network" | "host";
}

export interface TerminalSize {
    readonly rows: number;
    readonly columns: number;
}

export interface Throttling {
    readonly periods: number;
    readonly throttledPeriods: number;
    readonly throttledTime: number;
}

export interface Tmpfs {
    readonly kind: "tmpfs";
    readonly path: string;
    readonly size: number;
}

export interface Traffic {
    readonly bytes: number;
    readonly packets: number;
    readonly dropped: number;
}

export interface Tsd extends Disposable {
    readonly networks: Networks;
    readonly endpoints: Endpoints;
    readonly containers: Containers;
    readonly images: Images;
    readonly volumes: Volumes;
    diskUsage(): Promise<DiskUsage>;
    readonly plugins: Plugins;
    readonly cluster: Cluster;
    readonly system: System;
    readonly unfinished?: unknown;
    close(): void;
}

export declare class TsdError extends Error {
    readonly kind: ErrorKind;
    readonly code: string;
    readonly hint: string | undefined;
    readonly details: Readonly<Record<string, unknown>>;
    constructor(init: TsdErrorInit);
    static is(value: unknown, kind?: ErrorKind): value is TsdError;
}

export interface TsdErrorInit {
    readonly code: string;
    readonly kind: ErrorKind;
    readonly message: string;
    readonly hint?: string;
    readonly details?: Readonly<Record<string, unknown>>;
    readonly cause?: unknown;
}

export interface TsdOptions {
    readonly extensions?: readonly Extension[];
    readonly root?: string;
    readonly run?: string;
    readonly config?: string;
    readonly onWarning?: (warning: string) => void;
    readonly runtime?: string;
    readonly nft?: "netlink" | "exec";
    readonly iptables?: "nft" | "legacy";
    readonly leftWork?: LeftWork;
    readonly dryRun?: OnStep;
    readonly forget?: boolean;
}

export interface Ulimit {
    readonly name: string;
    readonly soft: number;
    readonly hard: number;
}

export interface Unheard {
    readonly problem: "unheard";
    readonly of: OwnedDrift["of"];
    readonly what: string;
}

export interface Uplink {
    readonly name: string;
    readonly index?: number;
    readonly forwarding: boolean;
    readonly forwarding6?: boolean;
    readonly heedsRouters?: boolean;
}

export interface Verdict {
    readonly reaches: boolean;
    readonly unknown?: boolean;
    readonly server?: string;
    readonly host?: string;
    readonly at?: string;
    readonly seenAs?: string;
    readonly why: string;
    readonly hint?: string;
    readonly remedies?: readonly Remedy[];
}

export interface VethLink extends LinkBase {
    readonly type: "veth";
    readonly master?: string;
    readonly hairpin?: boolean;
    readonly isolated?: boolean;
    readonly routerless?: boolean;
    readonly proxied?: boolean;
    readonly group?: number;
    readonly peer: {
        readonly netns?: string;
        readonly name: string;
        readonly mac?: string;
        readonly handedOver?: boolean;
    };
}

export interface Volume {
    readonly id: string;
    readonly name: string;
    readonly driver: "local";
    readonly mountpoint: string;
    readonly labels: Labels;
    readonly options: RawOptions;
    readonly created: string;
    readonly anonymous: boolean;
}

export interface VolumeContent {
    readonly root: string | readonly string[];
    readonly path: string;
}

export interface VolumeDetails {
    readonly volume: Volume;
    readonly users: readonly {
        readonly id: string;
        readonly name: string;
    }[];
}

export interface VolumeDirectory {
    readonly kind: "volume";
    readonly path: string;
    readonly tmpfs?: string;
    readonly content?: VolumeContent;
}

export interface VolumePart {
    readonly kind: "volume part";
    readonly place: string;
    readonly volume: string;
    readonly path: string;
}

export interface VolumeRemovalOptions {
    readonly all?: boolean;
    readonly isMeant?: (volume: Volume) => boolean;
}

export interface VolumeSpec {
    readonly name?: string;
    readonly driver?: string;
    readonly options?: RawOptions;
    readonly labels?: Labels;
}

export interface Volumes {
    create(spec: VolumeSpec): Promise<Volume>;
    list(): readonly VolumeDetails[];
    inspect(ref: string): VolumeDetails;
    remove(ref: string): Promise<Volume>;
    prune(options?: VolumeRemovalOptions): Promise<Pruned<Volume>>;
    size(ref: string): Promise<number>;
}

export interface VxlanLink extends LinkBase {
    readonly type: "vxlan";
    readonly mac: string;
    readonly vni: number;
    readonly local: string;
    readonly parent?: string;
    readonly port: number;
    readonly isolated?: boolean;
}

export type WaitCondition = "not-running" | "next-exit" | "removed";

export interface WaitOptions {
    readonly condition?: WaitCondition;
    readonly signal?: AbortSignal;
}

export interface Wireguard {
    readonly kind: "wireguard";
    readonly link: string;
    readonly network: string;
    readonly generation: number;
    readonly port: number;
}

export interface WireguardEnd {
    readonly publicKey: string;
    readonly port: number;
}

export interface WireguardLink extends LinkBase {
    readonly type: "wireguard";
    readonly mac?: never;
    readonly master?: never;
}

export interface WireguardPeer {
    readonly kind: "wireguard peer";
    readonly link: string;
    readonly publicKey: string;
    readonly address: string;
    readonly port: number;
    readonly inner: string;
}

import type { Writable } from "node:stream";

export declare function addressesOf({ addresses }: Pick<Endpoint, "addresses">): readonly string[];

export declare const booleanOption: Pick<Option, "valid" | "expected">;

export declare function canonicalOptions({ of, flag, options }: OptionTable, raw: RawOptions): RawOptions;

export declare function chainWords({ tool, family, table, name }: ForwardChain): string;

export declare const commonEndpointOptions: readonly Option[];

export declare function customaryPackets(bridge: string, subnets: readonly string[], others: readonly string[]): readonly ForwardedPacket[];

export declare function endpointSysctls(endpoint: Endpoint, ours: readonly Sysctl[]): readonly Sysctl[];

export declare const families: readonly [4, 6];

export declare function familyOf(address: string): Family;

export declare function forwardingSysctls(network: Network, { link, uplinks }: {
    readonly link?: string;
    readonly uplinks?: readonly Uplink[];
}): readonly Sysctl[];

export declare function hasFamily({ subnets }: Pick<Network, "subnets">, family: Family): boolean;

export declare function hostAddress(blocks: readonly string[], subnet: Pick<Subnet, "cidr" | "gateway">): string | undefined;

export declare function hostEnd({ id, options }: Pick<Endpoint, "id" | "options">): string;

export declare const hostIfnameOption: Option;

export declare function hostMac({ id }: Pick<Endpoint, "id">): string;

export declare const ifacePrefixOption: Option;

export declare const intentKinds: readonly NatIntent["kind"][];

export declare const interfaceOption: Pick<Option, "valid" | "expected">;

export declare function ipv6Sysctls(link: string, on: boolean, netns?: string): readonly Sysctl[];

export declare function isIntent(resource: {
    readonly kind: string;
}): resource is NatIntent;

export declare function isSameChain(a: ForwardChain, b: ForwardChain): boolean;

export declare function isWithin(inner: string, outer: string): boolean;

export declare const mtuOption: Option;

export declare function spokenBy({ addresses }: Pick<Endpoint, "addresses">, network: Network): Network;

export declare const vxlanOverhead: Readonly<Record<Family, number>>;

export declare const wireguardOverhead: Readonly<Record<Family, number>>;

export declare function withoutPrefix(cidr: string): string;

export declare function wordOption(...words: readonly string[]): Pick<Option, "valid" | "expected">;
