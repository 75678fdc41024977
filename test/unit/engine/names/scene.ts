import type {
  ContainerSpec,
  ContainerStatus,
  EndpointPeer,
  Network,
  NetworkAttachment,
} from "../../../../src/api/index.js";
import type { ContainerRow, ElsewhereQuestion, FoundElsewhere, PeerRow } from "../../../../src/contracts/index.js";
import { KeptNames } from "../../../../src/engine/names/names-elsewhere.js";
import { StoreNameViews } from "../../../../src/engine/names/store-name-views.js";
import { parseRequests } from "../../../../src/engine/requests/container-requests.js";
import { newSandbox } from "../../../../src/engine/sandbox/sandbox.js";
import type { SqliteStore } from "../../../../src/store/sqlite-store.js";
import { containerRow, endpointRow, idFrom, networkRow } from "../../store/support/rows.js";
import { TemporaryStore } from "../../store/support/temporary-store.js";

/** Where a container is on one network. */
export interface Placed extends Partial<NetworkAttachment> {
  readonly network: string;
  readonly addresses: readonly string[];
  readonly metric?: number;
}

export interface Living {
  readonly name: string;
  readonly on: readonly Placed[];
  readonly spec?: ContainerSpec;
  readonly status?: ContainerStatus;
  /** Lines of its /etc/hosts beside localhost's. */
  readonly hosts?: readonly string[];
}

/** The state of a machine, written by one process, and views over it in another that counts what it reads. */
export class Scene implements Disposable {
  private readonly temporary = new TemporaryStore();
  readonly writer: SqliteStore = this.temporary.open();
  readonly reader: SqliteStore = this.temporary.open();
  /** What the host's resolv.conf names. */
  nameservers: readonly string[] = ["127.0.0.53"];
  /** And in which domains it looks names up. */
  search: readonly string[] = [];
  /** What other hosts have when they are asked, by name or address; an error where they cannot be. */
  readonly elsewhere = new Map<string, readonly EndpointPeer[] | Error>();
  /** What they were asked. */
  readonly questions: string[] = [];
  /** What a reply about a network waits for, by its id. */
  readonly waits = new Map<string, Promise<void>>();
  now = 0;
  readonly views = new StoreNameViews(
    this.reader,
    { nameservers: () => this.nameservers, search: () => this.search },
    new KeptNames({ find: (networkId, question) => this.ask(networkId, question) }, () => this.now),
  );
  private made = 0;

  network(name: string, changes: Partial<Network> = {}): void {
    const id = idFrom(`a${++this.made}a`);
    const row = networkRow(id, name, { state: "ready" });
    this.writer.transaction(() => this.writer.networks.insert({ ...row, network: { ...row.network, ...changes } }));
  }

  /** A container with a resolver, and its endpoints. */
  container({ name, on, spec = {}, status = "running", hosts = [] }: Living): ContainerRow {
    const id = idFrom(`c${++this.made}c`);
    const sandbox = newSandbox({ root: "/root", run: "/run/tsd" }, spec.hostname ?? id.slice(0, 12), id);
    const lines = ["127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost", ...hosts];
    const base = containerRow(id, name, status);
    const row: ContainerRow = {
      ...base,
      state: "ready",
      resources: [{ kind: "resolver", netns: sandbox.netns }],
      container: { ...base.container, spec, sandbox: { ...sandbox, hosts: lines } },
      requests: parseRequests(spec),
    };
    this.writer.transaction(() => {
      this.writer.containers.insert(row);
      for (const [at, placed] of on.entries()) this.place(row, placed, at);
    });
    return row;
  }

  place(row: ContainerRow, { network, addresses, metric, aliases = [] }: Placed, at = 9): void {
    const id = idFrom(`e${++this.made}e`);
    const { endpoint, ...rest } = endpointRow(id, this.writer.networks.resolve(network).id, { containerId: row.id });
    const netns = row.container.sandbox?.netns ?? "";
    const own = { netns, addresses, aliases, interface: `eth${at}`, ...(metric === undefined ? {} : { metric }) };
    this.writer.transaction(() => this.writer.endpoints.insert({ ...rest, endpoint: { ...endpoint, ...own } }));
  }

  /** A container of another host of a network that is one segment, as that host says it. */
  remote(networkName: string, names: readonly string[], addresses: readonly string[]): PeerRow {
    const id = idFrom(`b${++this.made}b`);
    const found = this.writer.networks.resolve(networkName);
    const { id: networkId, owner } = found;
    const cluster = { vni: 4097, host: "here", address: "192.0.2.1", mtu: 1500, mac: "02:00:00:00:00:01", blocks: [] };
    const where = { networkId, host: "far", address: "192.0.2.9" };
    const peer = { kind: "endpoint", id, ...where, mac: "02:42:0a:01:00:42", names, addresses } as const;
    const row: PeerRow = { id, state: "ready", owner, resources: [], peer };
    this.writer.transaction(() => {
      const inlet = { link: "vx-1", addresses: [] };
      const isolate = { kind: "isolate", owner: networkId, bridge: "br-1", inlet } as const;
      this.writer.networks.update({ ...found, resources: [isolate], network: { ...found.network, cluster } });
      this.writer.peers.insert(row);
    });
    return row;
  }

  private async ask(networkId: string, question: ElsewhereQuestion): Promise<FoundElsewhere> {
    const [word = ""] = Object.values(question);
    this.questions.push(`${word}`);
    await this.waits.get(networkId);
    const endpoints = this.elsewhere.get(`${word}`) ?? [];
    if ("message" in endpoints) throw endpoints;
    return { endpoints, total: endpoints.length };
  }

  become(row: ContainerRow, status: ContainerStatus): void {
    this.writer.transaction(() => this.writer.containers.update({ ...row, container: { ...row.container, status } }));
  }

  /** What a name means to a container: its addresses, or a word. */
  meaning({ container }: ContainerRow, name: string): readonly string[] | "unknown" | "foreign" | "no view" | "asked" {
    const found = this.views.of(container.sandbox?.netns ?? "")?.meaning(name);
    if (found === undefined) return "no view";
    if (found instanceof Promise) return "asked";
    return found.kind === "known" ? found.addresses : found.kind;
  }

  [Symbol.dispose](): void {
    this.temporary[Symbol.dispose]();
  }
}
