import type { Network, Uplink } from "../network.js";
import type { Sysctl } from "../resource.js";
import { hasFamily } from "./has-family.js";

/**
 * What lets the host forward packets from a network and to it, and no others. The kernel asks the interface that a packet came
 * in by (ip-sysctl: `conf/INTERFACE/forwarding`, for IPv6 `force_forwarding`), so tsd sets it on the uplinks, and on `link`,
 * behind which the network is. Empty where the user has forwarding left alone.
 */
export function forwardingSysctls(
  network: Network,
  { link, uplinks = network.uplinks }: { readonly link?: string; readonly uplinks?: readonly Uplink[] },
): readonly Sysctl[] {
  if (network.leaveForwarding) return [];
  // A foreign bridge may be an uplink too.
  const links = link === undefined || uplinks.some(({ name }) => name === link) ? [] : [link];
  return [
    ...(hasFamily(network, 4) ? forwarding4(links, uplinks) : []),
    ...(hasFamily(network, 6) ? forwarding6(links, uplinks, network.forwarding6) : []),
  ];
}

function forwarding4(links: readonly string[], uplinks: readonly Uplink[]): readonly Sysctl[] {
  const key = (link: string): string => `net/ipv4/conf/${link}/forwarding`;
  return [
    ...links.map((link) => enable(key(link))),
    ...uplinks.map(({ name, forwarding }) => ({ ...enable(key(name), forwarding), unless: enabled(key("all")) })),
  ];
}

function forwarding6(
  links: readonly string[],
  uplinks: readonly Uplink[],
  global: boolean | undefined,
): readonly Sysctl[] {
  if (global !== undefined) return forwardingOfHost6(uplinks, global);
  const key = (link: string): string => `net/ipv6/conf/${link}/force_forwarding`;
  return [
    ...links.map((link) => enable(key(link))),
    ...uplinks.flatMap(({ name, forwarding6: on }) =>
      on === undefined ? [] : [{ ...enable(key(name), on), unless: enabled(key("all")) }],
    ),
  ];
}

/**
 * For kernels that can only forward IPv6 between all interfaces. With that they drop routes that routers advertised, the
 * host's own default route perhaps, unless told first to accept router advertisements all the same (ip-sysctl: `accept_ra`).
 * A host that forwards by itself has made that choice.
 */
function forwardingOfHost6(uplinks: readonly Uplink[], forwards: boolean): readonly Sysctl[] {
  return [
    ...uplinks
      .filter(({ heedsRouters }) => heedsRouters && !forwards)
      .map(
        ({ name }): Sysctl => ({ kind: "sysctl", key: `net/ipv6/conf/${name}/accept_ra`, value: "2", restore: "1" }),
      ),
    enable("net/ipv6/conf/all/forwarding", forwards),
  ];
}

/** Who makes the whole host forward, as `net.ipv4.ip_forward=1` does, makes each of its interfaces (ip-sysctl). */
function enabled(key: string): NonNullable<Sysctl["unless"]> {
  return { key, value: "1" };
}

/** `before` is what it is now, where it does not go away with its link. */
function enable(key: string, before?: boolean): Sysctl {
  return { kind: "sysctl", key, value: "1", ...(before === undefined ? {} : { restore: before ? "1" : "0" }) };
}
