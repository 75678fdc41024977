import { TsdError } from "../../errors/tsd-error.js";
import type { NetworkOptions, PodmanNetwork } from "./podman-types.js";

/** What podman says of a network that a container is on. Throws `invalid-input` where it says nothing. */
export function infoOf({ network_info }: NetworkOptions, name: string): PodmanNetwork {
  const network = network_info.get(name);
  if (network !== undefined) return network;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_NETAVARK_INPUT",
    message: `input.network_info has no network "${name}", which input.networks names`,
    details: { network: name },
  });
}
