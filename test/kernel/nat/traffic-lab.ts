import type { NatIntent, Publish } from "../../../src/api/index.js";
import { Agent } from "../../../src/testing/lab/agent.js";
import { addBridge, connect, ip, leakLoopback, setSysctl } from "../../../src/testing/lab/topology.js";

/**
 * A small internet: `client` reaches the host by 192.0.2.0/24 and knows routes to the containers' subnets, as an
 * intruder on the same wire would. Behind bridge br-a are `a1` (10.10.10.2) and `a2` (10.10.10.3), behind br-b, which keeps
 * its ports apart, `b1` (10.20.20.2). Everything has IPv6 too: 2001:db8::/64, fd00:a::/64, fd00:b::/64.
 */
export class TrafficLab {
  readonly host = new Agent();
  readonly client = new Agent("client");
  readonly a1 = new Agent("a1");
  readonly a2 = new Agent("a2");
  readonly b1 = new Agent("b1");

  private constructor(private readonly restore: () => void) {}

  /** `bridgeNetfilter`: whether bridged packets pass the packet filter (bridge-nf-call-iptables), as where Docker runs. */
  static async build(bridgeNetfilter: boolean): Promise<TrafficLab> {
    for (const name of namespaces) ip(`netns add ${name}`);
    ip("link set lo up");
    connect("client", { hostEnd: "up0", addresses: ["192.0.2.2/24", "2001:db8::2/64"] });
    for (const address of ["192.0.2.1/24", "192.0.2.3/24"]) ip(`addr add ${address} dev up0`);
    ip("addr add 2001:db8::1/64 dev up0 nodad");
    addBridge("br-a", ["10.10.10.1/24", "fd00:a::1/64"]);
    addBridge("br-b", ["10.20.20.1/24", "fd00:b::1/64"]);
    connect("a1", {
      master: "br-a",
      addresses: ["10.10.10.2/24", "fd00:a::2/64"],
      gateway: ["10.10.10.1", "fd00:a::1"],
    });
    connect("a2", {
      master: "br-a",
      addresses: ["10.10.10.3/24", "fd00:a::3/64"],
      gateway: ["10.10.10.1", "fd00:a::1"],
    });
    connect("b1", {
      master: "br-b",
      isolated: true,
      addresses: ["10.20.20.2/24", "fd00:b::2/64"],
      gateway: ["10.20.20.1", "fd00:b::1"],
    });
    // A second subnet behind br-a, so that a1 and a2 also meet by way of the host's routing.
    ip("addr add 10.10.11.1/24 dev br-a");
    ip("-n a2 addr add 10.10.11.3/24 dev eth0");
    ip("-n client route add 10.0.0.0/8 via 192.0.2.1");
    ip("-n client route add fd00::/16 via 2001:db8::1");
    leakLoopback("client", "192.0.2.1");
    leakLoopback("a1", "10.10.10.1");
    for (const link of ["up0", "br-a", "br-b"]) setSysctl(`ipv4/conf/${link}/forwarding`, "1");
    const filtered = bridgeNetfilter ? "1" : "0";
    const restorations = [
      setSysctl("ipv6/conf/all/forwarding", "1"),
      setSysctl("bridge/bridge-nf-call-iptables", filtered),
      setSysctl("bridge/bridge-nf-call-ip6tables", filtered),
    ];

    const lab = new TrafficLab(() => {
      for (const restore of restorations) restore();
    });
    await Promise.all([
      lab.client.serve("client", 7),
      lab.client.serve("client", 8080),
      lab.a2.serve("a2", 80),
      lab.b1.serve("b1", 80),
    ]);
    for (const port of [80, 9000, 9001, 9002]) await lab.a1.serve("a1", port);
    return lab;
  }

  async tearDown(): Promise<void> {
    await Promise.all([this.host, this.client, this.a1, this.a2, this.b1].map((agent) => agent.stop()));
    // By name, since the kernel takes its time to clear a namespace.
    for (const link of ["br-a", "br-b", "up0", "v-a1", "v-a2", "v-b1"]) ip(`link delete ${link}`);
    for (const name of namespaces) ip(`netns delete ${name}`);
    this.restore();
  }
}

/** What the bridge driver asks for br-a and br-b. */
export const labNetworks: readonly NatIntent[] = ["a", "b"].flatMap((letter): readonly NatIntent[] => {
  const network = { owner: letter.repeat(64), bridge: `br-${letter}` };
  const subnet = letter === "a" ? "10.10.10.0/24" : "10.20.20.0/24";
  return [
    { kind: "isolate", ...network, ...(letter === "b" ? { apart: true } : {}) },
    { kind: "masquerade", ...network, subnet },
    { kind: "masquerade", ...network, subnet: `fd00:${letter}::/64` },
  ];
});

/** Host port 8080 to port 80 of a1, unless told otherwise. */
export function publishA1(changes: Partial<Publish> = {}): Publish {
  return {
    kind: "publish",
    owner: "1".repeat(64),
    bridge: "br-a",
    protocol: "tcp",
    hostPort: 8080,
    containerAddress: "10.10.10.2",
    containerPort: 80,
    count: 1,
    ...changes,
  };
}

const namespaces = ["client", "a1", "a2", "b1"] as const;
