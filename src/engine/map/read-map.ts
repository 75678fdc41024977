import type { ContainerDetails, HostDrift, HostMap } from "../../api/index.js";
import type { Parts } from "../contracts/parts.js";
import { endpointsElsewhere } from "../rows/endpoints-elsewhere.js";
import { hostMap } from "./host-map.js";

interface Seen {
  readonly containers: readonly ContainerDetails[];
  readonly drifts: readonly HostDrift[];
}

/** Reads what a {@link HostMap} is made of, beside what other use cases have found. */
export async function readMap(
  { store, host, elsewhere }: Pick<Parts, "store" | "host" | "elsewhere">,
  seen: Seen,
): Promise<HostMap> {
  const machine = await host();
  const networks = store.networks.list();
  const own = new Set(
    networks.flatMap(({ resources }) => resources.flatMap((one) => (one.kind === "link" ? [one.name] : []))),
  );
  return hostMap({
    ...seen,
    networks,
    endpoints: store.endpoints.list(),
    host: machine.hostname(),
    uplinks: machine.uplinks(own),
    addresses: machine.addresses(),
    elsewhere: await endpointsElsewhere({ store, elsewhere }, networks),
  });
}
