import { type Network, type SharedNetwork, type Tsd, withoutPrefix } from "../../api/index.js";
import type { Config } from "./config.js";
import { invalidConfig } from "./errors.js";
import { type StatedNetwork, statedNetwork } from "./network-spec.js";
import type { Result } from "./result.js";
import { shown } from "./shown.js";
import { isSubnetOf, subnetsOf } from "./subnets.js";

/** What the network was made from, as JSON. A network without it is the administrator's. */
const label = "cni.configuration";

/**
 * The tsd network of a configuration, which the first attachment makes. It stays when its last endpoint goes, as a bridge
 * of CNI's does. One that exists is used as it is, and the configuration must not contradict it; a network that was made
 * from an older configuration is made again once nothing is on it. A network of the cluster that this host has not used yet exists.
 */
export async function networkFor(
  tsd: Pick<Tsd, "networks">,
  config: Config,
  leased: Result | undefined,
): Promise<void> {
  const stated = { ...statedNetwork(config), ...(leased === undefined ? {} : { subnets: await subnetsOf(leased) }) };
  const here = tsd.networks.list().find(({ name }) => name === config.network);
  const found = here ?? (await tsd.networks.shared(config.network));
  const wanted = JSON.stringify(stated);
  if (found !== undefined) {
    const made = found.labels[label];
    if (made === undefined) return refuseContradiction(found, stated);
    if (made === wanted) return;
    if (here === undefined || tsd.networks.inspect(here.id).endpoints.length > 0) throw changed(found, made, wanted);
    await tsd.networks.remove(here.id);
  }
  await tsd.networks.create({ ...stated, name: config.network, labels: { [label]: wanted } });
}

/** An administrator made it, with options of their own; so only what a configuration states must be so. */
async function refuseContradiction(
  network: Network | SharedNetwork,
  { driver, subnets = [], options = {}, internal }: StatedNetwork,
): Promise<void> {
  const foreign: string[] = [];
  for (const subnet of subnets) if (!(await isSubnetOf(subnet, network.subnets))) foreign.push(subnet);
  const contradictions = [
    ...(driver === undefined || driver === network.driver ? [] : [["driver", driver, network.driver]]),
    ...foreign.map((subnet) => ["subnet", subnet, network.subnets.map(({ cidr }) => cidr).join(", ")]),
    ...Object.entries(options)
      .filter(([key, value]) => network.options[key] !== value)
      .map(([key, value]) => [`option ${key}`, value, network.options[key]]),
    ...(internal === undefined || internal === (network.internal ?? false) ? [] : [["internal", internal, !internal]]),
  ];
  const [first] = contradictions;
  if (first === undefined) return;
  const [what, stated, found] = first;
  throw invalidConfig(
    `the configuration says ${what} ${shown(stated)}, and network "${network.name}" has ${shown(found)}`,
    "Remove it from the configuration, or choose another name.",
  );
}

function changed({ name }: Pick<Network, "name">, made: string, wanted: string): Error {
  return invalidConfig(
    `network "${name}" is in use and was made from ${made}, and the configuration now says ${wanted}`,
    "Undo the change of the configuration, or stop the containers on that network first.",
  );
}

/** Addresses without prefix lengths. */
export function addressesOf({ ips }: Result): readonly string[] {
  return ips.map(({ address }) => withoutPrefix(String(address)));
}
