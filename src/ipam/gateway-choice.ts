import { type Address, formatAddress, parseAddress } from "./address.js";
import { type Cidr, formatCidr, type ParsedCidr } from "./cidr.js";
import { invalidInput } from "./invalid-input.js";
import { explainUnusable, usableAddresses } from "./usable-addresses.js";

/** The first address of a subnet that an interface can have. */
export function defaultGateway(cidr: Cidr): Address {
  return { family: cidr.family, value: usableAddresses(cidr).first };
}

/** The gateway asked for, by itself or as the host bits of the subnet; else the default one. Throws `invalid-input`. */
export function chooseGateway({ cidr, address }: ParsedCidr, wish: string | undefined): Address {
  const inSubnet = address.value === cidr.first ? undefined : address;
  const asked = wish === undefined ? undefined : parseAddress(wish, "gateway");
  if (inSubnet !== undefined && asked !== undefined && inSubnet.value !== asked.value) {
    throw invalidInput("TSD_GATEWAY_TWICE", {
      message: `two gateways were given: ${formatAddress(inSubnet)} with the subnet, and ${formatAddress(asked)}`,
      hint: `Leave one out; the subnet without it is ${formatCidr(cidr)}.`,
      value: wish,
    });
  }
  const gateway = asked ?? inSubnet ?? defaultGateway(cidr);
  const why = explainUnusable(cidr, gateway);
  if (why === undefined) return gateway;
  throw invalidInput("TSD_GATEWAY_INVALID", {
    message: `gateway ${formatAddress(gateway)} is ${why} subnet ${formatCidr(cidr)}`,
    hint: `Give an address inside it, such as ${formatAddress(defaultGateway(cidr))}.`,
    value: formatAddress(gateway),
  });
}
