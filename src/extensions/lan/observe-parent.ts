import type { HostLink, HostView, Network } from "../../api/index.js";
import { badVlanId, missingLink, takenParent, wideMtu } from "./parent-errors.js";
import type { ParentFacts } from "./parent-facts.js";
import { isVlanId, splitVlan } from "./parent-option.js";

export interface Wanted {
  readonly driver: string;
  /** Absent: the network makes a dummy. */
  readonly parent: string | undefined;
  readonly exclusive: boolean;
}

/**
 * Finds a network's parent, or what to make in its place: VLAN 20 for `eth0.20`, a dummy for none. Throws `not-found`,
 * `invalid-input`, or `conflict` naming who has it.
 */
export function observeParent(
  host: HostView,
  { id, options }: Pick<Network, "id" | "options">,
  { driver, parent, exclusive }: Wanted,
): ParentFacts {
  const sharing = exclusive ? ({ exclusive } as const) : {};
  if (parent === undefined) return { parent: `dm-${id.slice(0, 12)}`, makes: "dummy", ...sharing };
  refuseUsed(host, { driver, parent, exclusive });
  const link = host.link(parent);
  if (link !== undefined) {
    refuseOthers(link);
    refuseWide(options.mtu, link);
    return { parent, ...sharing, ...measures(link) };
  }
  const { base, id: vlan } = splitVlan(parent) ?? {};
  if (base === undefined || vlan === undefined) throw missingLink(parent);
  if (!isVlanId(vlan)) throw badVlanId(parent, vlan);
  const below = host.link(base);
  if (below === undefined) throw missingLink(base);
  if (!below.up)
    throw takenParent(base, "is down, so that no VLAN of it comes up", `Bring it up: ip link set ${base} up`);
  refuseWide(options.mtu, below);
  return { parent, makes: "vlan", base, vlan, ...sharing, ...measures(below) };
}

function measures({ mtu, mac }: HostLink): Pick<ParentFacts, "mtu" | "mac"> {
  return { mtu, ...(mac === undefined ? {} : { mac }) };
}

/** Networks of one driver share a parent that is the host's, where nothing about their links keeps others away. */
function refuseUsed(host: HostView, { driver, parent, exclusive }: Wanted & { readonly parent: string }): void {
  for (const { name, driver: theirs, facts } of host.networks()) {
    if (facts?.parent !== parent) continue;
    const mayShare = theirs === driver && !exclusive && !facts.exclusive && facts.makes === undefined;
    if (mayShare) continue;
    const why =
      facts.makes === undefined ? `is that of network "${name}" of driver ${theirs}` : `belongs to network "${name}"`;
    throw takenParent(parent, `${why} already`, `Use that network, or remove it first: tsd network rm ${name}`);
  }
}

function refuseOthers({ name, master, network }: HostLink): void {
  if (network !== undefined) {
    throw takenParent(name, `belongs to network "${network}"`, "Choose a link of the host.");
  }
  if (master === undefined) return;
  throw takenParent(name, `is a port of ${master}, which gets its frames`, `Take ${master} itself for the parent.`);
}

function refuseWide(mtu: string | undefined, link: HostLink): void {
  if (mtu !== undefined && Number(mtu) > link.mtu) throw wideMtu(mtu, link);
}
