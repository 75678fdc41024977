import type { NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { ClaimingHost, ClusterClaims } from "../contracts/cluster.js";

/**
 * Takes a network out of the cluster that is about to be removed here. One that is not the cluster's any more is left there as it is.
 * Throws `conflict` naming the hosts that use it.
 */
export async function withdrawNetwork(
  cluster: ClusterClaims,
  { id, network }: NetworkRow,
  self: ClaimingHost,
): Promise<void> {
  const { name } = network;
  if ((await cluster.network(name))?.id !== id) return cluster.leaveNetwork(id, self);
  try {
    await cluster.removeNetwork(name, self);
  } catch (error) {
    if (TsdError.is(error, "not-found")) return;
    if (!TsdError.is(error, "conflict")) throw error;
    throw await withUsers(error, cluster, { id, network });
  }
}

/** The refusal with the number of containers on each host, as far as the hosts have said so. */
async function withUsers(
  refusal: TsdError,
  cluster: ClusterClaims,
  { id, network }: Pick<NetworkRow, "id" | "network">,
): Promise<TsdError> {
  const { name, subnets } = network;
  const { members, endpoints } = await cluster.readNetwork(
    id,
    subnets.map(({ cidr }) => cidr),
  );
  const users = [...members].filter(([host, { isUsed }]) => isUsed && host !== network.cluster?.host);
  if (users.length === 0) return refusal;
  const counts = users.map(([host]) => {
    const count = endpoints.filter((endpoint) => endpoint.host === host).length;
    return { host, count };
  });
  const words = counts.map(
    ({ host, count }) => `${count === 1 ? "1 container" : `${count} containers`} on host "${host}"`,
  );
  return new TsdError({
    kind: "conflict",
    code: "TSD_NETWORK_IN_USE",
    message: `network "${name}" is in use by ${words.join(", ")}`,
    hint: "Stop or remove them there first.",
    details: { network: id, hosts: counts },
    cause: refusal,
  });
}
