import { networkResidue } from "../../../src/testing/lab/network-residue.js";
import { stateResidue } from "../../../src/testing/lab/state-residue.js";
import type { Host } from "./host.js";
import { processResidue } from "./process-residue.js";

/**
 * Everything on a host that tsd could have made, a line each, sorted; compare it with what was there before. Each line
 * begins with its kind: link, address, route, rule, neighbour, sysctl, nft, iptables, mount, process, descriptor, cgroup,
 * file, row.
 */
export async function residue(host: Host): Promise<readonly string[]> {
  return [...(await networkResidue(host)), ...processResidue(host), ...stateResidue(host)].sort();
}
