import {
  addressesOf,
  type Endpoint,
  familyOf,
  hasFamily,
  hostEnd,
  hostMac,
  ipv6Sysctls,
  type Network,
  type Resource,
  spokenBy,
} from "../../api/index.js";
import { cableForwarding } from "./forwarding.js";
import { groupOf } from "./group-of.js";

/** Links narrower than this carry no IPv6 (RFC 8200 §5). */
const IPV6_MIN_MTU = 1280;
/**
 * From this the host asks who has a container's address (RFC 4861 §7.2.2): the kernel's own choice cannot be used for a second
 * or two.
 */
const LINK_LOCAL = "fe80::1/64";

/** The cable, and its end on the host: each of them is the gateway, and the way to the addresses of one container. */
export function hostResources(whole: Network, endpoint: Endpoint): readonly Resource[] {
  const network = spokenBy(endpoint, whole);
  const link = hostEnd(endpoint);
  const speaks6 = hasFamily(network, 6);
  const gateways = network.subnets.map(({ gateway }) => single(gateway));
  const { netns, interface: name, mac } = endpoint;
  const mtu = mtuOf(network);
  return [
    {
      ...{
        kind: "link",
        type: "veth",
        name: link,
        mac: hostMac(endpoint),
        peer: { netns, name, mac },
        group: groupOf(network),
      },
      ...(mtu === undefined ? {} : { mtu }),
    },
    // What comes in by it has the container's address, since no other leads back there.
    { kind: "sysctl", key: `net/ipv4/conf/${link}/rp_filter`, value: "1" },
    ...ipv6Sysctls(link, speaks6),
    ...[...gateways, ...(speaks6 ? [LINK_LOCAL] : [])].map((address): Resource => ({ kind: "address", link, address })),
    ...addressesOf(endpoint).map((address): Resource => ({ kind: "route", destination: single(address), link })),
    ...cableForwarding(network, link),
  ];
}

function mtuOf(network: Network): number | undefined {
  const { options, egressMtu } = network;
  if (options.mtu !== undefined) return Number(options.mtu);
  return egressMtu !== undefined && hasFamily(network, 6) ? Math.max(egressMtu, IPV6_MIN_MTU) : egressMtu;
}

/** As a CIDR of this address alone. */
export function single(address: string): string {
  return `${address}/${familyOf(address) === 6 ? 128 : 32}`;
}
