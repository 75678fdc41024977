import type { Endpoint } from "../network.js";

/** The name of the host's end of an endpoint's veth, for drivers that make one. */
export function hostEnd({ id, options }: Pick<Endpoint, "id" | "options">): string {
  return options?.host_ifname ?? `veth${id.slice(0, 11)}`;
}

/**
 * Its hardware address, of digits that no name is made of: by this the link is known again, whatever bears its name. `fe`
 * comes first, since a bridge that has no address of its own takes the least of its ports'.
 */
export function hostMac({ id }: Pick<Endpoint, "id">): string {
  return ["fe", ...[12, 14, 16, 18, 20].map((at) => id.slice(at, at + 2))].join(":");
}
