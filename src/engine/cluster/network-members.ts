import type { Network, NetworkMember } from "../../api/index.js";
import type { ClusterClaims } from "../contracts/cluster.js";

/** The hosts of a network as the cluster knows them, by their names, without this one. Warns where they have more endpoints than are read. */
export async function networkMembers(
  { cluster, warn }: { readonly cluster: Pick<ClusterClaims, "readNetwork">; readonly warn: (text: string) => void },
  { id, name, subnets, cluster: place }: Pick<Network, "id" | "name" | "subnets" | "cluster">,
): Promise<readonly NetworkMember[]> {
  const cidrs = subnets.map(({ cidr }) => cidr);
  const { members, blocks, endpoints, more } = await cluster.readNetwork(id, cidrs);
  if (more > 0)
    warn(`hosts of network "${name}" have ${more} more endpoints than the ${endpoints.length} that are read`);
  return [...members]
    .filter(([host]) => host !== place?.host)
    .map(([host, { address, wireguard }]) => ({
      ...{ host, address, ...(wireguard === undefined ? {} : { wireguard }) },
      blocks: [...blocks].flatMap(([block, holder]) => (holder === host ? block : [])),
      endpoints: endpoints.flatMap(({ id: endpointId, host: holder, mac, addresses, names }) =>
        holder === host ? { id: endpointId, mac, addresses, names } : [],
      ),
    }))
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}
