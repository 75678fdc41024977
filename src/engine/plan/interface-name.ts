import type { CommonOptions, Network } from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";

interface Place {
  /** Interfaces that the namespace has already. */
  readonly taken: readonly string[];
  /** Endpoints of the namespace. */
  readonly present: readonly EndpointRow[] | undefined;
}

/** What an endpoint's interface is called in its namespace. Throws `conflict` for a name that is taken. */
export function chooseInterface(
  { store }: Pick<Parts, "store">,
  network: Network,
  { ifname }: CommonOptions,
  { taken, present = [] }: Place,
): string {
  if (ifname !== undefined) {
    if (!taken.includes(ifname)) return ifname;
    const holder = present.find(({ endpoint }) => endpoint.interface === ifname)?.endpoint.networkId;
    const other = store.networks.get(holder ?? "")?.network.name;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_INTERFACE_TAKEN",
      message: `the namespace has an interface ${ifname} already${other === undefined ? "" : `, on network "${other}"`}`,
      hint: "Choose another name, or leave it out.",
      details: { interface: ifname, ...(holder === undefined ? {} : { network: holder }) },
    });
  }
  return freeInterface(network, taken);
}

/** The first name of the network's that is free. */
export function freeInterface(network: Pick<Network, "options">, taken: readonly string[]): string {
  const { iface_prefix = "eth" } = network.options as CommonOptions;
  let index = 0;
  while (taken.includes(`${iface_prefix}${index}`)) index++;
  return `${iface_prefix}${index}`;
}
