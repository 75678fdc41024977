import type { Network, NetworkMember } from "../../api/index.js";
import type { ClusterClaims } from "../contracts/cluster.js";

/** The hosts of a network as the cluster knows them, by their names, without `self`. */
export async function networkMembers(
  cluster: Pick<ClusterClaims, "readNetwork">,
  { id, subnets }: Pick<Network, "id" | "subnets">,
  self?: string,
): Promise<readonly NetworkMember[]> {
  const cidrs = subnets.map(({ cidr }) => cidr);
  const { members, blocks, endpoints } = await cluster.readNetwork(id, cidrs);
  return [...members]
    .filter(([host]) => host !== self)
    .map(([host, { address, wireguard }]) => ({
      ...{ host, address, ...(wireguard === undefined ? {} : { wireguard }) },
      blocks: [...blocks].flatMap(([block, holder]) => (holder === host ? block : [])),
      endpoints: [...endpoints].flatMap(([endpoint, { host: holder, mac, addresses, names }]) =>
        holder === host ? { id: endpoint, mac, addresses, names } : [],
      ),
    }))
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}
