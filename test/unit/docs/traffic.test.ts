import { test } from "@jest/globals";
import { spanCallers, spanTargets } from "../../../src/testing/backend/span-matrix.js";
import { callers, targets } from "../../../src/testing/backend/traffic-matrix.js";
import { expectFile } from "../nat/golden-cases.js";

test("docs/TRAFFIC.md prints the matrix that every NAT backend is tested by", () => {
  expectFile("docs/TRAFFIC.md", page());
});

function page(): string {
  return `# Who reaches whom

Each cell is a real packet in the tests, under each of four backends: nftables by nfnetlink, nftables by the nft program,
iptables-nft and iptables-legacy. A cell is the caller's address as the server sees it; a dash means no reply. The publishing
container has 10.10.10.2, the host 192.0.2.1, 192.0.2.3 and 2001:db8::1, the other machine 192.0.2.2.

${tableOf(callers, targets)}

A container sees the real address of a client on another machine. It sees containers of other networks, and callers from behind
the same bridge, under the bridge's address, because replies must return through the host. The kernel cannot lead ::1 to a
container, since IPv6 has no \`route_localnet\`; tsd warns about a port that is published only on ::1.

A network with \`icc=false\` keeps the ports of its bridge apart. Where br_netfilter is on, a call of a published port that comes
from behind the bridge that it leads to turns round within that bridge. The kernel then drops it: such containers reach neither
their own published ports nor those of neighbours. \`tsd explain\` and \`tsd doctor\` say so.

## Where networks span hosts

The same, where a second host has the networks too. That host is hostile: its containers send everything into the tunnel, whatever it
is addressed to. Their addresses end in .66, those of containers on this host in .2. This host is 192.0.2.1, the other machine
198.51.100.2.

${tableOf(spanCallers, spanTargets)}

What one host keeps from its containers, it keeps from those on other hosts as well:

- What comes out of a tunnel goes to containers of that network, and to no other network, no other machine and no port of the host.
  Of the host there are pings and replies. Published ports are reached as by neighbours.
- Its sender has an address that this host routes into that tunnel, so no other host speaks for a container here, with antispoof or
  without, nor for the host, nor for 127.0.0.0/8. A hostile host can speak for containers of a third one.
- With \`icc=false\`, the host that a packet comes to drops it. The one that it leaves lets it pass.
- Frames of the network that come from an address of no member are dropped, before the tunnel opens them. Containers send none, to
  no host, from whatever network: under this host's address they would pass as this host's.
- What can send UDP under a member's address is that member: a container in the host's own network, a user of the host, a machine
  on an underlay that does not check sources. Encrypted networks take frames from WireGuard alone, and send none past it. Of the
  host itself other hosts reach pings and replies by the link that encrypts, as by the tunnel.
- Without a tunnel (\`mode=hostgw\`) a host takes what comes by the underlay's link from the network's subnet for a neighbour's. Every
  machine on that link can send such packets.
- With \`mode=l2\` the tunnel is a port of the bridge. What comes in by it has the MAC address and an address of a container of another
  host, as the cluster has them: until this host's agent has read of a new container, what it sends is dropped. Of the host it reaches
  pings and replies at the host's own address in the network, which no published port is called by, be it of tsd or of another program;
  the host routes nothing of it.
  Router advertisements and redirects are dropped. Where br_netfilter is on, published ports of containers of that network are reached
  by other addresses of the host. Like \`antispoof=true\`, that needs nftables: other NAT backends refuse such a network.
- The NAT backend \`none\` keeps nothing of this. There the firewall that is in its place must drop UDP port 4789 from others.
`;
}

function tableOf<C extends string>(
  names: Readonly<Record<C, string>>,
  rows: readonly {
    readonly what: string;
    readonly protocol: string;
    readonly address: string;
    readonly port: number;
    readonly seen: Readonly<Partial<Record<C, string>>>;
  }[],
): string {
  const callersInOrder = Object.keys(names) as C[];
  const head = ["Called", ...callersInOrder.map((name) => names[name])];
  const cells = rows.map(({ what, protocol, address, port, seen }) => [
    `${what} (${protocol} ${address.includes(":") ? `[${address}]` : address}:${port})`,
    ...callersInOrder.map((name) => seen[name] ?? "–"),
  ]);
  return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
