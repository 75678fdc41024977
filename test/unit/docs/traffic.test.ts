import { test } from "@jest/globals";
import { type Caller, callers, targets } from "../../kernel/nat/traffic-matrix.js";
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
iptables-nft and iptables-legacy. It holds the address under which the server sees the caller; a dash means no answer. The
container that publishes has 10.10.10.2, the host 192.0.2.1, 192.0.2.3 and 2001:db8::1, the other machine 192.0.2.2.

${table}

The client's own address is what a container sees of other machines. Containers of other networks come under the address
of the bridge, as do callers from behind the same bridge: answers must return through the host. The kernel cannot lead ::1
to a container, since IPv6 has no \`route_localnet\`; a publication on ::1 alone gets a warning.
`;
}
