import { chainWords, type ForwardChain, type ForwardDrop, type ForwardedPacket } from "../../api/forwarding.js";
import { readIfPresent } from "../files/read-if-present.js";
import type { HookedChain } from "./chain.js";
import { concealsDenials, deadEnd } from "./dead-end.js";
import { mayLose } from "./losing-rules.js";
import { readForwardChains } from "./read-chains.js";

/** Chains of others that drop some of these packets; see {@link ForwardDrop}. */
export async function forwardDrops(packets: readonly ForwardedPacket[]): Promise<readonly ForwardDrop[]> {
  const [drops = []] = await forwardDropsOfEach([packets]);
  return drops;
}

/** The same for each group by itself, by one look at the chains. */
export async function forwardDropsOfEach(
  groups: readonly (readonly ForwardedPacket[])[],
): Promise<readonly (readonly ForwardDrop[])[]> {
  if (groups.every(({ length }) => length === 0)) return groups.map(() => []);
  const chains = await readForwardChains(mayLose);
  return groups.map((packets) => chains.flatMap((chain) => dropOf(chain, packets) ?? []));
}

/** Chains of others that drop some of these packets, which are for the host itself: they go to no link. */
export async function inputDrops(packets: readonly ForwardedPacket[]): Promise<readonly ForwardDrop[]> {
  if (packets.length === 0) return [];
  return (await readForwardChains(mayLose, "INPUT")).flatMap((chain) => dropOf(chain, packets) ?? []);
}

/** Why nothing is added in front of a rule that leads to particular drops; see {@link ForwardDrop.closed}. */
export const concealing = "the chains that it leads to drop particular packets too, which would pass as well";

function dropOf(hooked: HookedChain, packets: readonly ForwardedPacket[]): ForwardDrop | undefined {
  const { chain, rules } = hooked;
  const seen = packets.filter((packet) => sees(chain, packet));
  const lost = seen.flatMap((packet) => {
    const at = deadEnd(hooked, packet);
    return at === undefined ? [] : [{ packet, at }];
  });
  if (lost.length === 0) return undefined;
  const closed =
    hooked.closed ?? (lost.some(({ at, packet }) => concealsDenials(hooked, at, packet)) ? concealing : undefined);
  const byPolicy = lost.every(({ at }) => at === rules.length);
  return {
    chain,
    words: `${chainWords(chain)}${ownerWords(hooked)} (${byPolicy ? "policy drop" : "a rule of it"})`,
    packets: lost.map(({ packet }) => packet),
    ...(closed === undefined ? {} : { closed }),
  };
}

/** What stays within a bridge comes to chains of IP with br_netfilter alone. */
export function sees({ family }: ForwardChain, packet: ForwardedPacket): boolean {
  if (family === "bridge") return packet.bridged === true;
  if (family !== "inet" && family !== (packet.family === 4 ? "ip" : "ip6")) return false;
  const key = `/proc/sys/net/bridge/bridge-nf-call-ip${packet.family === 4 ? "" : "6"}tables`;
  return packet.bridged !== true || readIfPresent(key)?.trim() === "1";
}

/** What firewalls that people know call their chains, the one that says what becomes of the rest first. */
const owners: readonly (readonly [owner: string, chain: RegExp])[] = [
  ["firewalld", /^(filter_)?(FORWARD_ZONES|FORWARD_POLICIES_pre)$/],
  ["ufw", /^ufw6?-/],
  ["docker", /^DOCKER/],
  ["libvirt", /^LIBVIRT_/],
];

function ownerWords({ table }: HookedChain): string {
  const names = [...table.keys()];
  const owner = owners.find(([, chain]) => names.some((name) => chain.test(name)))?.[0];
  return owner === undefined ? "" : ` of ${owner}`;
}
