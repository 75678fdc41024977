import { familyOf } from "../../api/address-family.js";
import type { ContainerRow, Store } from "../../contracts/index.js";

/** The host's own addresses as the container sees them: the gateways of its first network, of the families that it has there. */
export function hostGateways(store: Pick<Store, "networks" | "endpoints">, { id }: ContainerRow): readonly string[] {
  const [first] = store.endpoints.ofContainer(id);
  if (first === undefined) return [];
  const { networkId, addresses } = first.endpoint;
  const gateways = (store.networks.get(networkId)?.network.subnets ?? []).map(({ gateway }) => gateway);
  return gateways.filter((gateway) => addresses.some((address) => familyOf(address) === familyOf(gateway)));
}
