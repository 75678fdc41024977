import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type {
  ClusterPlace,
  Endpoint,
  EndpointPeer,
  HostPeer,
  Network,
  Provider,
  RawOptions,
  Resource,
} from "../../../src/api/index.js";
import { OverlayDriver } from "../../../src/drivers/overlay/overlay-driver.js";
import { hostNetwork } from "../../../src/kernel/host/host-network.js";
import { createNetns, dropNetns } from "../../../src/kernel/netns/named-netns.js";
import { inNetns } from "../../../src/kernel/netns/netns.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { PrivateKeys } from "../../../src/kernel/wireguard/private-keys.js";
import { WireguardProvider } from "../../../src/kernel/wireguard/wireguard-provider.js";

export const driver = new OverlayDriver();
const NETWORK_ID = "5".repeat(64);
const MARK = "tsd /overlay-test";

export const sh = (command: string, netns: string): string =>
  execFileSync("nsenter", [`--net=${netns}`, "sh", "-ec", command], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

/** True if all of `addresses` reply, asked at once. */
export async function reaches(netns: string, addresses: readonly string[], how = ""): Promise<readonly string[]> {
  const script = addresses.map((to) => `(ping -q -c 1 -W 5 ${how} ${to} >/dev/null 2>&1 || echo ${to}) &`).join("\n");
  const { stdout } = await promisify(execFile)("nsenter", [`--net=${netns}`, "sh", "-c", `${script}\nwait`]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .toSorted();
}

export interface Container {
  readonly netns: string;
  /** IPv4 and IPv6, without prefix length. */
  readonly addresses: readonly string[];
}

/** A machine on the wire between the hosts, as a namespace; what is on it is made of the driver's lists alone. */
export class OverlayHost {
  readonly netns: string;
  readonly place: ClusterPlace;
  readonly containers: Container[] = [];
  /** Of its private keys. */
  readonly keys = mkdtempSync(join(tmpdir(), "tsd-keys-"));
  private readonly provider = new RtnetlinkProvider(MARK);
  private readonly providers: readonly Provider[] = [this.provider, new WireguardProvider(this.keys, MARK)];
  private lists: (readonly Resource[])[] = [];

  constructor(readonly number: number) {
    this.netns = `/run/netns/h${number}`;
    createNetns(this.netns);
    execFileSync("sh", [
      "-ec",
      `ip link add u${number} mtu 1500 master wire up type veth peer name eth0 netns ${this.netns}`,
    ]);
    sh(
      `ip link set lo up; ip link set eth0 up; ip address add 192.0.2.${number}/24 dev eth0;
      ip address add 2001:db8::${number}/64 dev eth0 nodad`,
      this.netns,
    );
    this.place = this.placeAt(`192.0.2.${number}`);
  }

  placeAt(address: string): ClusterPlace {
    const { number } = this;
    return {
      ...{ vni: 4242, host: `h${number}`, address, mtu: 1500, mac: `02:74:00:00:00:0${number}` },
      // Of the first host they begin with addresses that are no host's.
      blocks: [`10.5.${number - 1}.0/26`, `fd00:5::${number - 1}:0/112`],
    };
  }

  /** The same in an encrypted network. */
  encryptedPlace(generation = 1): ClusterPlace {
    return { ...this.place, wireguard: { port: 51_820 + this.number, generation } };
  }

  network(options: RawOptions, place: ClusterPlace = this.place): Network {
    const facts = inNetns(this.netns, () =>
      driver.observe(
        {
          ...hostNetwork,
          links: () => linksOf(this.number),
          networks: () => [],
          routes: () => [],
          link: () => undefined,
        },
        { options },
      ),
    );
    // Of a kernel that has no switch for each interface.
    const whole = inNetns(this.netns, () => hostNetwork.forwarding6());
    return {
      ...{ id: NETWORK_ID, name: "web", driver: "overlay", created: "2026-01-01T00:00:00.000Z", labels: {} },
      subnets: [
        { cidr: "10.5.0.0/16", gateway: "10.5.0.1" },
        { cidr: "fd00:5::/64", gateway: "fd00:5::1" },
      ].filter(({ cidr }) => options.mode !== "hostgw" || cidr.includes(".") === place.address.includes(".")),
      options: driver.parseOptions(options),
      mac: `02:6d:00:00:00:0${this.number}`,
      ...(whole === undefined ? {} : { forwarding6: whole }),
      uplinks: [{ name: "eth0", forwarding: false, ...(whole === undefined ? { forwarding6: false } : {}) }],
      facts,
      cluster: place,
    };
  }

  asPeer(place: ClusterPlace = this.place): HostPeer {
    const { host, address, mac, blocks, wireguard } = place;
    const key = wireguard && new PrivateKeys(this.keys).findPublic({ network: NETWORK_ID, ...wireguard });
    return {
      ...{ kind: "host", id: String(this.number).repeat(64), networkId: NETWORK_ID, host, address, mac, blocks },
      ...(wireguard === undefined || key === undefined ? {} : { wireguard: { publicKey: key, port: wireguard.port } }),
    };
  }

  endpointAsPeer(at: number, { host, address, blocks, mac, wireguard }: ClusterPlace = this.place): EndpointPeer {
    const id = `${this.number}${at}`;
    const hostMac = wireguard === undefined ? {} : { hostMac: mac };
    const peer = { kind: "endpoint", id: id.repeat(32), networkId: NETWORK_ID, host, address, blocks } as const;
    return { ...peer, ...hostMac, mac: macOf(id), addresses: this.containers[at]?.addresses ?? [], names: [] };
  }

  /** Attaches a namespace. */
  async attach(network: Network, addresses: readonly string[]): Promise<Container> {
    const id = `${this.number}${this.containers.length}`;
    const container = {
      netns: `/run/netns/c${id}`,
      addresses: addresses.filter((one) =>
        network.subnets.some(({ cidr }) => cidr.includes(":") === one.includes(":")),
      ),
    };
    createNetns(container.netns);
    sh("ip link set lo up", container.netns);
    this.containers.push(container);
    const endpoint: Endpoint = {
      ...{
        id: id.repeat(32),
        networkId: NETWORK_ID,
        netns: container.netns,
        interface: "eth0",
        mac: `02:63:00:00:00:${id}`,
      },
      addresses: container.addresses.map((address) => `${address}/${address.includes(":") ? 64 : 16}`),
      ...{ ports: [], metric: 100 },
    };
    await this.make(driver.endpoint(network, endpoint));
    return container;
  }

  /** Remembers the list, as a row does. */
  async make(resources: readonly Resource[]): Promise<void> {
    this.lists.push(resources);
    await this.ensure(resources);
  }

  get resources(): readonly Resource[] {
    return this.lists.flat();
  }

  /** Makes all of it again that should be there, as a repair does. */
  async again(): Promise<void> {
    await this.ensure(this.lists.flat());
  }

  async ensure(resources: readonly Resource[]): Promise<void> {
    await this.each(resources, (provider, run) => provider.ensure(run));
  }

  async remove(resources: readonly Resource[]): Promise<void> {
    await this.each(resources.toReversed(), (provider, run) => provider.remove(run));
    this.lists = this.lists.filter((list) => list !== resources);
  }

  async drift(resources: readonly Resource[] = this.lists.flat()): Promise<readonly string[]> {
    const found: string[] = [];
    await this.each(resources, async (provider, run) => {
      for (const { resource, problem, found: what } of await provider.inspect(run)) {
        const { kind } = resource;
        found.push([kind, problem, what].filter((word) => word !== undefined).join(" "));
      }
    });
    return found;
  }

  async words(verb: "ensure" | "remove", resources: readonly Resource[]): Promise<readonly string[]> {
    const list = verb === "ensure" ? resources : resources.toReversed();
    const words: string[] = [];
    await this.each(list, async (provider, run) => void words.push(...(await provider.describe(verb, run))));
    return words;
  }

  /** What is on the host beside what it began with. */
  residue(): string {
    return sh(
      "ip -o link show | cut -d: -f2; ip route; ip -6 route show proto 116; ip neighbour show nud permanent; bridge fdb",
      this.netns,
    );
  }

  async clear(): Promise<void> {
    for (const { netns } of this.containers.splice(0)) dropNetns(netns);
    for (const list of this.lists.toReversed()) await this.remove(list);
  }

  close(): void {
    this.provider[Symbol.dispose]();
    rmSync(this.keys, { recursive: true });
    dropNetns(this.netns);
  }

  /** Consecutive resources of one provider together, in the host's namespace. What needs a packet filter or an agent is left out. */
  private async each(
    resources: readonly Resource[],
    act: (provider: Provider, run: readonly Resource[]) => Promise<unknown>,
  ): Promise<void> {
    const runs: { provider: Provider; run: Resource[] }[] = [];
    for (const resource of resources) {
      const provider = this.providers.find(({ kinds }) => kinds.includes(resource.kind));
      if (provider === undefined) continue;
      const last = runs.at(-1);
      if (last?.provider === provider) last.run.push(resource);
      else runs.push({ provider, run: [resource] });
    }
    // Providers of the kernel do not wait in between, so the thread is in the namespace for all of it.
    for (const { provider, run } of runs) await inNetns(this.netns, () => act(provider, run));
  }
}

function linksOf(number: number) {
  const addresses = [`192.0.2.${number}/24`, `2001:db8::${number}/64`];
  return [{ name: "eth0", up: true, mtu: 1500, addresses }];
}

function macOf(id: string): string {
  return `02:63:00:00:00:${id}`;
}
