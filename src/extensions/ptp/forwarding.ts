import { forwardingSysctls, type Network, type Sysctl } from "../../api/index.js";

/** Of the host as a whole. Neighbours meet by way of it, on an internal network too, for which no uplink forwards. */
export function hostForwarding(network: Network): readonly Sysctl[] {
  const whole = forwardingSysctls(network, {});
  if (!network.internal) return whole;
  return network.forwarding6 === undefined ? [] : whole.filter(({ key }) => key.startsWith("net/ipv6/"));
}

/** Of a cable's end on the host. */
export function cableForwarding(network: Network, link: string): readonly Sysctl[] {
  return forwardingSysctls(network, { link, uplinks: [] }).filter(({ key }) => key.split("/").includes(link));
}
