import type { Network } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Drivers } from "../contracts/drivers.js";

/** The network of containers that name none. */
export const defaultNetworkName = "bridge";

/** Networks that are there from the start: one for each driver of which there is but one, and which takes no target. */
export function predefined({ singletons }: Pick<Drivers, "singletons">): readonly Network[] {
  return [...singletons.values()]
    .filter(({ capabilities: { namespace } }) => namespace === "own" || namespace === "host")
    .map(({ type }) => predefinedNetwork(type));
}

/** A network of which nothing is kept, called after its driver. */
export function predefinedNetwork(type: string): Network {
  return {
    // The same on every machine: the name, spelled in hexadecimal.
    id: Buffer.from(type).toString("hex").padEnd(64, "0"),
    name: type,
    driver: type,
    created: new Date(0).toISOString(),
    subnets: [],
    options: {},
    labels: {},
    mac: "",
    uplinks: [],
  };
}

/** Throws `conflict` for the name of a driver that has but one network, whether to be made or to be removed. */
export function refusePredefined({ singletons }: Pick<Drivers, "singletons">, name: string): void {
  if (!singletons.has(name)) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_NETWORK_PREDEFINED",
    message: `"${name}" is predefined: it is always there`,
    hint: "For a new network choose another name; tsd network ls --filter type=custom shows which can be removed.",
    details: { name },
  });
}
