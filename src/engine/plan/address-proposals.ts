import type { Container, Network, NetworkAttachment, NetworkIpam } from "../../api/index.js";
import type { Parts } from "../contracts/parts.js";
import type { Answer, Proposed } from "./proposed.js";

interface AddressesWanted {
  readonly proposed: Proposed;
  readonly holder: string;
  /** The address that the user asks for in that subnet. */
  readonly wanted: (cidr: string) => string | undefined;
  /** Throws where it cannot be had. */
  readonly check: (cidr: string) => unknown;
  readonly mac: NetworkAttachment["mac"];
  /** What it asked for may be its own already. */
  readonly container: Pick<Container, "id" | "name"> | undefined;
}

/** What the network's IPAM driver proposes, an address for each subnet. Throws where that is to be asked first. */
export function proposedAddresses(
  { addressBook }: Pick<Parts, "addressBook">,
  { id, name, subnets, ipam }: Network & { readonly ipam: NetworkIpam },
  { proposed, holder, wanted, check, mac, container }: AddressesWanted,
): Answer {
  const subject = `${id} ${subnets.map(({ cidr }) => cidr).join(" ")}`;
  return proposed.require(subject, () => {
    const requests = subnets.map((pool) => {
      const address = wanted(pool.cidr);
      if (address !== undefined) check(pool.cidr);
      const others = addressBook.held(id, pool.cidr).filter((lease) => ![holder, container?.id].includes(lease.holder));
      return {
        ...{ networkId: id, pool, options: ipam.options, holder, leased: others.map((lease) => lease.address) },
        ...(address === undefined ? {} : { address }),
        ...(mac === undefined ? {} : { mac }),
        ...(container === undefined ? {} : { container: container.name }),
      };
    });
    return {
      debt: { holder, of: "endpoint", networkId: id, networkName: name, ipam },
      ask: async (driver) => {
        const addresses: unknown[] = [];
        for (const request of requests) addresses.push(await driver.proposeAddress(request));
        return addresses;
      },
    };
  });
}
