import type { Allow, NatIntent, Publish } from "../../api/index.js";
import { Agent } from "../lab/agent.js";
import { addBridge, connect, ip, setSysctl } from "../lab/topology.js";
import type { Caller } from "./traffic-matrix.js";

/** Containers by name: their bridge, and the last octet of their address, which is also that of their IPv6 one. */
const containers: Readonly<Record<string, { readonly bridge: keyof typeof bridges; readonly octet: number }>> = {
  a1: { bridge: "br-a", octet: 2 },
  a2: { bridge: "br-a", octet: 3 },
  b1: { bridge: "br-b", octet: 2 },
  c1: { bridge: "br-c", octet: 2 },
  c2: { bridge: "br-c", octet: 3 },
  d1: { bridge: "br-d", octet: 2 },
  d2: { bridge: "br-d", octet: 3 },
  e1: { bridge: "br-e", octet: 2 },
  r1: { bridge: "br-r", octet: 2 },
};

/** Bridges by name: the first three octets of their addresses. */
const bridges = {
  "br-a": "10.10.10",
  "br-b": "10.20.20",
  "br-c": "10.30.0",
  "br-d": "10.40.0",
  "br-e": "10.50.0",
  "br-r": "10.60.0",
} as const;

/** One container or two behind a bridge for each kind of network, the host, and another machine on its wire. */
export class MatrixLab {
  private constructor(
    readonly agents: Readonly<Record<Caller | "c2" | "d2", Agent>>,
    private readonly restore: () => void,
  ) {}

  static async build(): Promise<MatrixLab> {
    for (const name of ["outside", ...Object.keys(containers)]) ip(`netns add ${name}`);
    ip("link set lo up");
    connect("outside", { hostEnd: "up0", addresses: ["192.0.2.2/24", "2001:db8::2/64"] });
    for (const address of ["192.0.2.1/24", "192.0.2.3/24"]) ip(`addr add ${address} dev up0`);
    ip("addr add 2001:db8::1/64 dev up0 nodad");
    ip("-n outside route add 10.0.0.0/8 via 192.0.2.1");
    for (const [bridge, prefix] of Object.entries(bridges))
      addBridge(bridge, [`${prefix}.1/24`, `fd00:${letterOf(bridge)}::1/64`]);
    for (const [name, { bridge, octet }] of Object.entries(containers)) {
      const prefix = bridges[bridge];
      const prefix6 = `fd00:${letterOf(bridge)}::`;
      connect(name, {
        master: bridge,
        isolated: bridge === "br-c",
        addresses: [`${prefix}.${octet}/24`, `${prefix6}${octet}/64`],
        gateway: [`${prefix}.1`, `${prefix6}1`],
      });
    }
    for (const link of ["up0", ...Object.keys(bridges)]) setSysctl(`ipv4/conf/${link}/forwarding`, "1");
    // Isolated neighbours meet by way of the host, as the driver arranges it.
    setSysctl("ipv4/conf/br-c/proxy_arp_pvlan", "1");
    setSysctl("ipv4/neigh/br-c/proxy_delay", "0");
    const restore = setSysctl("ipv6/conf/all/forwarding", "1");
    const agents = {
      outside: new Agent("outside"),
      host: new Agent(),
      ...Object.fromEntries(Object.keys(containers).map((name) => [name, new Agent(name)])),
    } as MatrixLab["agents"];
    const lab = new MatrixLab(agents, restore);
    await lab.serve();
    return lab;
  }

  async tearDown(): Promise<void> {
    await Promise.all(Object.values(this.agents).map((agent) => agent.stop()));
    // By name, since the kernel takes its time to clear a namespace.
    for (const link of [...Object.keys(bridges), "up0", ...Object.keys(containers).map((name) => `v-${name}`)]) {
      ip(`link delete ${link}`);
    }
    for (const name of ["outside", ...Object.keys(containers)]) ip(`netns delete ${name}`);
    this.restore();
  }

  private async serve(): Promise<void> {
    const { outside, a1, c2, d2, e1, r1 } = this.agents;
    await Promise.all([
      outside.serve("", 7),
      a1.serve("", 80),
      ...[80, 5432].map((port) => c2.serve("", port)),
      d2.serve("", 80),
      e1.serve("", 80),
      ...[80, 81].map((port) => r1.serve("", port)),
    ]);
  }
}

/** What the bridge driver asks for the networks and the endpoints of the matrix. */
export function matrixIntents(): readonly NatIntent[] {
  const networks = Object.entries(bridges).flatMap(([bridge, prefix]): readonly NatIntent[] => {
    const network = { owner: letterOf(bridge).repeat(64), bridge };
    const masquerades = [`${prefix}.0/24`, `fd00:${letterOf(bridge)}::/64`].map(
      (subnet) => ({ kind: "masquerade", ...network, subnet }) as const,
    );
    const isolate = { kind: "isolate", ...network, ...traits[bridge] } as const;
    return bridge === "br-d" || bridge === "br-r" ? [isolate] : [isolate, ...masquerades];
  });
  const a1 = { kind: "publish", owner: "1".repeat(64), bridge: "br-a", containerPort: 80, count: 1 } as const;
  const ports: readonly Publish[] = [
    { ...a1, protocol: "tcp", hostPort: 8080, containerAddress: "10.10.10.2" },
    { ...a1, protocol: "udp", hostPort: 8080, containerAddress: "10.10.10.2" },
    { ...a1, protocol: "tcp", hostPort: 8080, containerAddress: "fd00:a::2" },
    { ...a1, protocol: "tcp", hostPort: 8081, containerAddress: "10.10.10.2", hostAddress: "127.0.0.1" },
    { ...a1, protocol: "tcp", hostPort: 8082, containerAddress: "10.10.10.2", hostAddress: "192.0.2.3" },
  ];
  const allowed: readonly Allow[] = [
    { kind: "allow", owner: "2".repeat(64), bridge: "br-r", protocol: "tcp", address: "10.60.0.2", port: 80, count: 1 },
    {
      kind: "allow",
      owner: "3".repeat(64),
      bridge: "br-c",
      protocol: "tcp",
      address: "10.30.0.3",
      port: 5432,
      count: 1,
      from: "10.30.0.2",
    },
  ];
  return [...networks, ...ports, ...allowed];
}

const traits: Readonly<Record<string, object>> = {
  "br-c": { apart: true },
  "br-d": { internal: true },
  "br-e": { open: true },
  "br-r": { pingable: true },
};

function letterOf(bridge: string): string {
  return bridge === "br-r" ? "f" : bridge.slice(3);
}
