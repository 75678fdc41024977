import type { Network } from "../../api/index.js";

/**
 * The group of a network's cables on the host, so that packet filters know them without listing each pair of them. It is made of
 * the network's id, above the numbers that people and /etc/iproute2/group use.
 */
export function groupOf({ id }: Pick<Network, "id">): number {
  return 0x4000_0000 + (Number.parseInt(id.slice(0, 8), 16) & 0x3fff_ffff);
}
