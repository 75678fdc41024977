import type { NatIntent } from "../../api/index.js";
import type { BackendSubject } from "./backend-subject.js";
import { allow, guard, isolate, masquerade, member, publish, segment, trunk } from "./intents.js";

const unguarded: readonly NatIntent[] = [
  isolate,
  masquerade,
  { ...masquerade, subnet: "fd00:10::/64" },
  { ...isolate, bridge: "br-apart", apart: true, pingable: true },
  { ...isolate, bridge: "br-inner", internal: true, open: true },
  { ...isolate, bridge: "veth-group", group: 1_500_000_000 },
  { ...isolate, bridge: "veth-inner", group: 1_500_000_001, internal: true },
  { ...masquerade, bridge: "veth-group", group: 1_500_000_000 },
  { ...masquerade, bridge: "br-apart", address: "192.0.2.7" },
  { ...masquerade, bridge: "br-apart", subnet: "fd00:11::/64", address: "2001:db8::7" },
];

const spanning: readonly NatIntent[] = [
  { ...isolate, bridge: "br-span", trunk },
  { ...isolate, bridge: "br-deep", trunk: "vx-deep", apart: true, internal: true, open: true },
  {
    ...isolate,
    bridge: "br-near",
    remote: { link: "eth0", subnets: ["10.10.12.0/24", "10.10.13.1/32", "fd00:12::/64"] },
  },
  segment,
  { ...segment, vni: 16_777_215, port: 8472, link: "wg-111111111111" },
  { ...segment, vni: 1 },
  member(),
  member({ address: "2001:db8::2", vni: 1 }),
];

const guarding: readonly NatIntent[] = [
  guard(),
  { ...isolate, bridge: "br-flat", inlet: { link: "vx-flat", addresses: ["10.10.14.0", "fd00:14::"] } },
  guard({ bridge: "br-flat", link: "vx-flat", shared: true }),
];

/** What networks ask for: each trait once. */
export function networkIntents({ guards, spans }: BackendSubject): readonly NatIntent[] {
  return [...unguarded, ...(guards ? guarding : []), ...(spans ? spanning : [])];
}

/** What endpoints ask for: each form of a port once. */
export const portIntents: readonly NatIntent[] = [
  publish(),
  publish({ protocol: "udp", hostAddress: "127.0.0.1" }),
  publish({ hostPort: 9000, containerPort: 9000, count: 11 }),
  publish({ hostPort: 9000, containerPort: 9000, count: 11, hostAddress: "192.0.2.1", protocol: "udp" }),
  publish({ containerAddress: "fd00:10::2", hostAddress: "2001:db8::1" }),
  allow(),
  allow({ port: 6000, count: 11, protocol: "udp" }),
  allow({ from: "10.10.10.3" }),
  allow({ from: "fd00:10::3", address: "fd00:10::2", port: 6000, count: 11 }),
];
