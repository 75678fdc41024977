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

/** Chains that drop packets of these networks. Where a bridge was adopted, others behind it keep tsd from opening the chain. */
export async function dropsOf(rows: readonly NetworkRow[], host: PacketFilters): Promise<readonly ForwardDrop[]> {
  const isAdopted = ({ resources }: NetworkRow): boolean => !resources.some(({ kind }) => kind === "link");
  const own = await host.forwardDrops(packetsOf(rows.filter((row) => !isAdopted(row))));
  const shared = await host.forwardDrops(packetsOf(rows.filter(isAdopted)));
  const closed = "others live behind the bridge too, which was adopted, and would pass as well";
  return [...own, ...shared.map((drop) => ({ ...drop, words: `${drop.words}, of an adopted bridge,`, closed }))];
}

/** What passes between networks and the rest of the world. */
function packetsOf(rows: readonly NetworkRow[]): readonly ForwardedPacket[] {
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
  if (rows.length > 0) return dropsOf(rows, host);
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
  const { words, closed } = drop;
  if (closed !== undefined && words.includes(" of firewalld")) {
    return "Have firewalld accept it: firewall-cmd --permanent --zone=trusted --add-interface=BRIDGE, for the bridge of each network, then firewall-cmd --reload";
  }
  if (!canOpen(store, drop)) {
    return `Accept there what comes from and goes to the bridges of tsd network ls${closed === undefined ? "" : `, since tsd cannot: ${closed}`}.`;
  }
  if (isOpened(store, drop)) return "Let tsd repair it: tsd reload";
  return "Let tsd accept it there: tsd doctor --fix (with --dry-run it prints what it would add)";
}

/** The command of tsd's that {@link remedyFor} names, as the words behind `tsd`; undefined for none. */
export function remedyCommand(store: Settings, drop: ForwardDrop): readonly string[] | undefined {
  if (!canOpen(store, drop)) return undefined;
  return isOpened(store, drop) ? ["reload"] : ["doctor", "--fix"];
}

function isOpened(store: Settings, { chain }: ForwardDrop): boolean {
  return openedChains(store).some((one) => isSameChain(one, chain));
}
