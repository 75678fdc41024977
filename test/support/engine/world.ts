import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { HostSettings, Image, Uplink, Wireguard } from "../../../src/api/index.js";
import { openLocalState } from "../../../src/cluster/local/open-local-state.js";
import type { ClusterState, Host } from "../../../src/contracts/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { image } from "../../unit/store/support/rows.js";
import { TemporaryStore } from "../../unit/store/support/temporary-store.js";
import { FakeContainers } from "./fake-containers.js";
import { FakeIpam } from "./fake-ipam.js";
import { FakeKernel } from "./fake-kernel.js";
import { ProcessTable } from "./process-table.js";
import { readStore, type StoreContents } from "./store-contents.js";
import { TsdProcess } from "./tsd-process.js";

/** Namespaces that somebody else made, to attach. */
export const foreignNamespaces = ["/run/netns/a", "/run/netns/b"] as const;

/** The image that every world has; its command lives until a signal comes. */
const busybox: Image = {
  ...image("b".repeat(64), "busybox:latest"),
  layers: ["1".repeat(64), "2".repeat(64)],
  config: { entrypoint: [], command: ["sleep"], env: ["A=image"], exposedPorts: [] },
};

/** A machine with a disk, a kernel, containers, and any number of tsd processes, one after another or at once. */
export class World implements Disposable {
  readonly processes = new ProcessTable();
  kernel = this.newKernel();
  readonly containers = new FakeContainers(() => this.kernel, this.processes);
  /** The IPAM driver "ledger". */
  readonly ipam = new FakeIpam();
  /** Ports of the host that something else listens on. */
  readonly busyPorts = new Set<number>();
  /** Paths that lead to something else than a network namespace. */
  readonly otherFiles = new Set<string>();
  /** Addresses that the host has not. */
  readonly absentAddresses = new Set<string>();
  /** Routes of the host to elsewhere. */
  readonly routes: { readonly cidr: string; readonly link: string }[] = [];
  /** The host's ways out, and how wide they are. */
  uplinks: readonly string[] = ["uplink0"];
  /** IPv6 is forwarded by the host as a whole, as before Linux 6.17. */
  forwardsAsWhole = false;
  egressMtu: number | undefined = 1500;
  hostname = "machine";
  /** The host-wide settings in force. */
  settings: HostSettings = {};
  /** Bridges that somebody else made, with their addresses. */
  readonly bridges = new Map<string, readonly string[]>();
  /** Its own address on its way out. */
  address = "192.0.2.1";
  /** Why it cannot encrypt, as a clause. */
  lackOfWireguard: string | undefined;
  private readonly keys = new Map<string, string>();
  private clusterState: ClusterState | undefined;
  private readonly temporary = new TemporaryStore();
  private readonly observer: SqliteStore;

  /** With `defaultIpam` networks have that IPAM driver unless they ask for another. */
  constructor(readonly defaultIpam?: "ledger") {
    seed(this.kernel);
    mkdirSync(this.rootDirectory);
    this.observer = this.temporary.open();
    this.observer.transaction(() => this.observer.images.put(busybox));
  }

  /** A directory that exists, to be a container's root file system or volume. */
  get rootDirectory(): string {
    return `${this.temporary.directory}/root`;
  }

  /** Draws a private key that is as good as any other here. */
  publicKey({ network, generation }: Pick<Wireguard, "network" | "generation">): string {
    const name = `${network}.${generation}`;
    const key = this.keys.get(name) ?? randomBytes(32).toString("base64");
    this.keys.set(name, key);
    return key;
  }

  forget({ network, generation }: Pick<Wireguard, "network" | "generation">): void {
    this.keys.delete(`${network}.${generation}`);
  }

  /** How many private keys there are. */
  get keyCount(): number {
    return this.keys.size;
  }

  /** The store as nobody changes it: for looking. */
  get store(): SqliteStore {
    return this.observer;
  }

  addBridge(name: string, addresses: readonly string[]): void {
    this.bridges.set(name, addresses);
    seed(this.kernel, [name]);
  }

  /** A tsd process that has done nothing yet. */
  spawn(): TsdProcess {
    return new TsdProcess(this, this.temporary.open());
  }

  /** A new command: its process has finished what dead ones left. */
  async command(): Promise<TsdProcess> {
    const process = this.spawn();
    await process.recovery.run();
    await process.renaming.run();
    return process;
  }

  /** The same, and it has made the network "n". */
  async commandOnNetwork(): Promise<TsdProcess> {
    const process = await this.command();
    await process.networks.create({ name: "n", subnets: ["10.1.0.0/24"] });
    return process;
  }

  /** Facts about this machine's network. */
  host(): Host {
    const { links, sysctls } = this.kernel;
    const uplinks = (own: ReadonlySet<string> = new Set()): readonly Uplink[] =>
      [...this.uplinks, ...links.linksOf("host").filter((name) => name.startsWith("br-"))]
        .filter((name) => !own.has(name))
        .map((name) => ({
          ...{ name, forwarding: sysctls.read(`net/ipv4/conf/${name}/forwarding`) === "1" },
          ...(this.forwardsAsWhole ? { heedsRouters: sysctls.read(`net/ipv6/conf/${name}/accept_ra`) !== "0" } : {}),
        }));
    return {
      uplinks,
      waysOut: (own) => ({
        uplinks: uplinks(own),
        ...(this.egressMtu === undefined ? {} : { egressMtu: this.egressMtu }),
      }),
      routes: () => this.routes,
      links: () => [],
      addresses: () => [{ link: "uplink0", address: `${this.address}/24` }],
      routeTo: () => undefined,
      resolverFiles: () => [
        {
          ...{ path: "/etc/resolv.conf", text: "nameserver 127.0.0.53\nnameserver 192.0.2.53\nsearch example.net\n" },
          ...{ nameservers: ["127.0.0.53", "192.0.2.53"], search: ["example.net"], options: [] },
        },
      ],
      hostname: () => this.hostname,
      lookup: async () => [],
      hostsFile: () => "127.0.0.1 localhost machine\n",
      egressMtu: () => this.egressMtu,
      forwarding6: () => (this.forwardsAsWhole ? sysctls.read("net/ipv6/conf/all/forwarding") === "1" : undefined),
      bridge: (name) => {
        const addresses = this.bridges.get(name);
        if (addresses !== undefined) return { addresses };
        throw new TsdError({ kind: "not-found", code: "TSD_LINK_NOT_FOUND", message: `there is no link ${name}` });
      },
      forwardDrops: async () => [],
      probe: async () => ({ outcome: "silence" }),
      capture: async () => 0,
      forwardDropsOfEach: async (groups) => groups.map(() => []),
      inputDrops: async () => [],
      firewalls: async () => ({ managers: [], iptables: [] }),
      link: (name) => (links.hasLink(name) ? {} : undefined),
      filtersIngress: () => false,
      linkMtu: (name) => (name === "uplink0" ? 1500 : undefined),
      requireProgram: async () => undefined,
      missingFeatures: () => [],
      lacksWireguard: () => this.lackOfWireguard,
      parameter: (key) => sysctls.read(key),
      tableStatistics: () => undefined,
      portRange: () => ({ first: 49_000, last: 49_003 }),
      canBind: (_protocol, address) => !this.absentAddresses.has(address),
      isPortFree: ({ hostPort }) => !this.busyPorts.has(hostPort),
      listeners: () => undefined,
      findListeners: () => [],
      namespace: (path) => {
        if (this.otherFiles.has(path))
          throw new TsdError({ kind: "invalid-input", code: "TSD_NETNS_INVALID", message: `${path} is no namespace` });
        return { links: links.linksOf(path), hasDefaultRoute: links.hasDefaultRoute(path) };
      },
    };
  }

  /** The machine boots: what its kernel had and who lived on it is gone. */
  boot(): void {
    this.processes.boot();
    this.kernel = this.newKernel();
    seed(this.kernel, this.bridges.keys());
  }

  private newKernel(): FakeKernel {
    return new FakeKernel((netns) => this.containers.isInhabited(netns));
  }

  /** The state of the cluster that the machine may join: its own, unless it is another machine's. */
  get cluster(): ClusterState {
    this.clusterState ??= openLocalState(":memory:");
    return this.clusterState;
  }

  set cluster(state: ClusterState) {
    this.clusterState = state;
  }

  contents(): StoreContents {
    return readStore(this.temporary.path);
  }

  /** Kernel, containers and store together, for comparing before with after. Logs may outlast a failed start. */
  snapshot(): unknown {
    const ledger = Object.fromEntries(this.ipam.ledger);
    return { kernel: this.kernel.lines(), containers: this.containers.ids(), store: this.contents(), ledger };
  }

  [Symbol.dispose](): void {
    this.temporary[Symbol.dispose]();
  }
}

/** What a machine has before tsd comes. */
export function seed(kernel: FakeKernel, bridges: Iterable<string> = []): void {
  kernel.links.addDevice("uplink0");
  for (const bridge of bridges) kernel.links.addDevice(bridge, "bridge");
  kernel.ensure(foreignNamespaces.map((path) => ({ kind: "netns", path })));
}
