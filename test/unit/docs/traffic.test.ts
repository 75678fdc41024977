import { test } from "@jest/globals";
import { type Caller, callers, targets } from "../../../src/testing/backend/traffic-matrix.js";
import { expectFile } from "../nat/golden-cases.js";

test("docs/TRAFFIC.md prints the matrix that every NAT backend is tested by", () => {
  expectFile("docs/TRAFFIC.md", page());
});

function page(): string {
  const names = Object.keys(callers) as Caller[];
  const head = ["Called", ...names.map((name) => callers[name])];
  const rows = targets.map(({ what, protocol, address, port, seen }) => [
    `${what} (${protocol} ${address.includes(":") ? `[${address}]` : address}:${port})`,
    ...names.map((name) => seen[name] ?? "–"),
  ]);
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `# Who reaches whom

Each cell is a real packet in the tests, under each of four backends: nftables by nfnetlink, nftables by the nft program,
iptables-nft and iptables-legacy. A cell is the caller's address as the server sees it; a dash means no reply. The publishing
container has 10.10.10.2, the host 192.0.2.1, 192.0.2.3 and 2001:db8::1, the other machine 192.0.2.2.

${table}

A container sees the real address of a client on another machine. It sees containers of other networks, and callers from behind
the same bridge, under the bridge's address, because replies must return through the host. The kernel cannot lead ::1 to a
container, since IPv6 has no \`route_localnet\`; tsd warns about a port that is published only on ::1.

A network with \`icc=false\` keeps the ports of its bridge apart. Where br_netfilter is on, a call of a published port that comes
from behind the bridge that it leads to turns round within that bridge. The kernel then drops it: such containers reach neither
their own published ports nor those of neighbours. \`tsd explain\` and \`tsd doctor\` say so.
`;
}
