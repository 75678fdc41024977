import { ownsSandbox } from "../../contracts/container-outline.js";
import type { ContainerRow, NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { isMode, networkModeOf } from "../requests/network-mode.js";

/**
 * Throws `conflict` for a container whose networks are another's, now or at its next start. One that took over the
 * namespace of another has it for its own.
 */
export function requireOwnNamespace({ drivers }: Pick<Parts, "drivers">, row: ContainerRow): void {
  const { id, container } = row;
  const { namespace } = networkModeOf(drivers, container.spec);
  const isShared = namespace === "container" && !ownsSandbox(row);
  if (namespace !== "host" && !isShared) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_NO_NAMESPACE",
    message: `container "${container.name}" shares the network of ${namespace === "host" ? "the host" : "another container"}, and has none of its own`,
    hint: namespace === "host" ? "Run it without --net host." : "Name the container whose network it shares.",
    details: { container: id, namespace },
  });
}

export function connectedAlready({ id, container }: ContainerRow, network: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_ENDPOINT_EXISTS",
    message: `container "${container.name}" is on network "${network}" already`,
    hint: "Disconnect it first, or choose another network.",
    details: { container: id, network },
  });
}

export function notConnected(target: string, { id, network }: NetworkRow): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_ENDPOINT_NOT_FOUND",
    message: `"${target}" is not on network "${network.name}"`,
    hint: `See who is: tsd network inspect ${network.name}`,
    details: { target, network: id },
  });
}

/** Throws `invalid-input` for a word that `run --network` takes and that is no network. */
export function refuseMode(drivers: Parts["drivers"], word: string): void {
  if (!isMode(drivers, word)) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_MODE_CONNECT",
    message: `"${word}" is a mode of containers, to which nothing can be connected`,
    hint: "Name a network: tsd network ls",
    details: { network: word },
  });
}
