import { addressesOf, type Endpoint, type Guard, hasFamily, hostEnd, type Network } from "../../api/index.js";
import type { SwitchSettings } from "./switch-settings.js";

/** What an endpoint may say it is: what tsd gave it, and where there is IPv6 the link-local address that follows from that. */
export function endpointGuard(network: Network, endpoint: Endpoint, { bridge }: SwitchSettings): Guard {
  const { id: owner, mac } = endpoint;
  const given = addressesOf(endpoint);
  const addresses = hasFamily(network, 6) ? [...new Set([...given, linkLocalOf(mac)])] : given;
  return { kind: "guard", owner, bridge, link: hostEnd(endpoint), mac, addresses };
}

/**
 * `fe80::42:aff:fe0a:a02` for `02:42:0a:0a:0a:02` (RFC 4291, appendix A), which is what the kernel chooses where
 * `addr_gen_mode` is 0.
 */
export function linkLocalOf(mac: string): string {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = mac
    .split(":")
    .map((octet) => Number.parseInt(octet, 16));
  const groups = [((first ^ 2) << 8) | second, (third << 8) | 0xff, 0xfe00 | fourth, (fifth << 8) | sixth];
  return `fe80::${groups.map((group) => group.toString(16)).join(":")}`;
}
