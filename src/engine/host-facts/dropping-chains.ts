import {
  customaryPackets,
  type ForwardChain,
  type ForwardDrop,
  type ForwardedPacket,
  isSameChain,
} from "../../api/index.js";
import type { NetworkRow, PacketFilters, Routing, Store } from "../../contracts/index.js";
import { activeBackend } from "../rows/nat-state.js";
import { openedChains } from "../rows/opened-chains.js";

/** Of a network that is not there yet: examples that no rule means (RFC 5737, RFC 3849). */
const anySubnets = ["192.0.2.0/24", "2001:db8::/64"];

type Settings = Pick<Store, "settings">;

/** What passes between networks and the rest of the world. */
export function packetsOf(rows: readonly NetworkRow[]): readonly ForwardedPacket[] {
  return rows.flatMap(({ network, resources }) => {
    if (network.internal) return [];
    const uplinks = network.uplinks.map(({ name }) => name);
    const subnets = network.subnets.map(({ cidr }) => cidr);
    return resources
      .filter((one) => one.kind === "isolate")
      .flatMap(({ bridge, apart }) =>
        customaryPackets(bridge, subnets, uplinks).filter(({ bridged }) => !(bridged && apart)),
      );
  });
}

/**
 * Chains that drop packets of networks there are, or would drop those of a first one. tsd's own jump comes first in the chains
 * of iptables once there is one.
 */
export async function dropsOfNetworks(
  store: Pick<Store, "networks" | "settings">,
  host: Routing & PacketFilters,
): Promise<readonly ForwardDrop[]> {
  const rows = store.networks.list();
  const packets = packetsOf(rows);
  if (packets.length > 0) return host.forwardDrops(packets);
  if (rows.length > 0) return [];
  const uplinks = host.uplinks().map(({ name }) => name);
  const opened = openedChains(store);
  const isOpen = ({ family, table, name }: ForwardChain): boolean =>
    activeBackend(store) === "iptables" && family.startsWith("ip") && table === "filter" && name === "FORWARD";
  return (await host.forwardDrops(customaryPackets("br-?", anySubnets, uplinks))).filter(
    ({ chain }) => !isOpen(chain) && !opened.some((one) => isSameChain(one, chain)),
  );
}

/** Whether tsd may add rules to a chain that drops. */
export function canOpen(store: Settings, { closed }: ForwardDrop): boolean {
  return closed === undefined && activeBackend(store) !== "none";
}

/** What to do about a chain that drops, in one sentence. */
export function remedyFor(store: Settings, drop: ForwardDrop): string {
  const { chain, words, closed } = drop;
  if (closed !== undefined && words.includes(" of firewalld")) {
    return "Have firewalld accept it: firewall-cmd --permanent --zone=trusted --add-interface=BRIDGE, for the bridge of each network, then firewall-cmd --reload";
  }
  if (!canOpen(store, drop)) {
    return `Accept there what comes from and goes to the bridges of tsd network ls${closed === undefined ? "" : `, since tsd cannot: ${closed}`}.`;
  }
  if (openedChains(store).some((one) => isSameChain(one, chain))) return "Let tsd repair it: tsd reload";
  return "Let tsd accept it there: tsd doctor --fix (with --dry-run it prints what it would add)";
}
