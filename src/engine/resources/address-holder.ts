import ipaddr from "ipaddr.js";
import { withoutPrefix } from "../../api/address-family.js";
import type { EndpointRow, Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { endpointUser } from "../rows/endpoint-user.js";

/**
 * Who other than the endpoint `row` has an address, in words that follow "belongs to"; undefined for nobody. Networks without
 * subnets can be as far from each other as two LANs that use the same addresses, so only those of its own count there.
 */
export function holderOf(
  { store, processes }: Pick<Parts, "store" | "processes">,
  row: EndpointRow,
  hostAddresses: readonly { readonly link: string; readonly address: string }[],
): (address: string) => string | undefined {
  return (address) => {
    const link = hostAddresses.find((one) => withoutPrefix(one.address) === address)?.link;
    if (link !== undefined) return `${link} of the host`;
    const leased = leaseHolder(store, row, address);
    if (leased !== undefined) return leased;
    const others = store.endpoints.summaries(row.endpoint.networkId).filter(({ id, addresses }) => {
      return id !== row.id && addresses.some((one) => withoutPrefix(one) === address);
    });
    const { bootId } = processes.self();
    const living = others
      .flatMap(({ id }) => store.endpoints.get(id) ?? [])
      .find(({ state, owner }) => state !== "deleting" && owner.bootId === bootId);
    return living === undefined ? undefined : endpointUser(store, living);
  };
}

/** By the networks that have subnets of tsd's. */
function leaseHolder(store: Store, { id, endpoint }: EndpointRow, address: string): string | undefined {
  const isOwn = (networkId: string): boolean =>
    networkId === endpoint.networkId && endpoint.addresses.some((one) => withoutPrefix(one) === address);
  for (const { network } of store.networks.list()) {
    for (const { cidr, gateway } of network.subnets) {
      if (!isIn(address, cidr)) continue;
      if (gateway === address) return `the gateway of network "${network.name}"`;
      const holder = store.leases.lease(network.id, cidr, toNumber(address))?.holder;
      if (holder === undefined || holder === id || isOwn(network.id)) continue;
      const user = store.endpoints.get(holder);
      if (user !== undefined) return endpointUser(store, user);
      const container = store.containers.get(holder)?.container;
      return container === undefined ? `network "${network.name}"` : `container "${container.name}"`;
    }
  }
  return undefined;
}

function isIn(address: string, cidr: string): boolean {
  const [base, length] = ipaddr.parseCIDR(cidr);
  const parsed = ipaddr.parse(address);
  return parsed.kind() === base.kind() && parsed.match(base, length);
}

function toNumber(address: string): bigint {
  return BigInt(`0x${Buffer.from(ipaddr.parse(address).toByteArray()).toString("hex")}`);
}
