import { ipv6Sysctls, type Network, type Resource } from "../../api/index.js";
import type { ParentFacts } from "./parent-facts.js";
import type { VlanLink } from "./vlan-link.js";

/** A network's parent, where it is not the host's. `routed`: the host itself routes by it. */
export function parentResources(network: Network, { routed }: { readonly routed: boolean }): readonly Resource[] {
  const facts = network.facts as ParentFacts;
  const { parent, makes } = facts;
  if (makes === undefined) return [];
  const link: Resource =
    makes === "dummy" ? { kind: "link", type: "dummy", name: parent, mac: network.mac } : vlanLink(facts);
  return [link, ...ipv6Sysctls(parent, routed), ...(routed ? [] : [silent(parent)])];
}

/** Its MAC address is that of the link that it is of, as the LAN expects it. */
export function vlanLink({ parent: name, base = "", vlan: id = 0 }: ParentFacts): VlanLink {
  return { kind: "link", type: "vlan", name, parent: base, id };
}

/** The host does not reply there to requests for its own addresses (ip-sysctl, `arp_ignore`). */
export function silent(link: string): Resource {
  return { kind: "sysctl", key: `net/ipv4/conf/${link}/arp_ignore`, value: "8" };
}
