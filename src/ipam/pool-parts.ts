import { type Address, explainAddress, formatAddress, parseAddress, readAddress } from "./address.js";
import {
  type Cidr,
  contains,
  explainUnusable,
  formatCidr,
  type ParsedCidr,
  parseCidr,
  usableAddresses,
} from "./cidr.js";
import { invalidInput } from "./invalid-input.js";

/** The first address of a subnet that an interface can have. */
export function defaultGateway(cidr: Cidr): Address {
  return { family: cidr.family, value: usableAddresses(cidr).first };
}

/** The gateway asked for, by itself or as the host bits of the subnet; else the default one. Throws `invalid-input`. */
export function chooseGateway({ cidr, address }: ParsedCidr, requested: string | undefined): Address {
  const inSubnet = address.value === cidr.first ? undefined : address;
  const asked = requested === undefined ? undefined : parseAddress(requested, "gateway");
  if (inSubnet !== undefined && asked !== undefined && inSubnet.value !== asked.value) {
    throw invalidInput("TSD_GATEWAY_TWICE", {
      message: `two gateways were given: ${formatAddress(inSubnet)} with the subnet, and ${formatAddress(asked)}`,
      hint: `Leave one out; the subnet without it is ${formatCidr(cidr)}.`,
      value: requested,
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

/** Parses the part of a subnet that dynamic allocation is to draw from. Throws `invalid-input`. */
export function parseRange(subnet: Cidr, text: string): Cidr {
  const { cidr, address } = parseCidr(text, "range");
  if (address.value !== cidr.first) {
    throw invalidInput("TSD_RANGE_INVALID", {
      message: `range ${text} has host bits set`,
      hint: `Write ${formatCidr(cidr)}.`,
      value: text,
    });
  }
  if (contains(subnet, cidr)) return cidr;
  throw invalidInput("TSD_RANGE_OUTSIDE", {
    message: `range ${formatCidr(cidr)} is outside subnet ${formatCidr(subnet)}`,
    hint: "Give a part of the subnet, or leave the range out.",
    value: text,
  });
}

/** An address of a subnet that no container gets. */
export interface AuxiliaryAddress {
  readonly name: string;
  readonly address: Address;
}

interface Surroundings {
  readonly cidr: Cidr;
  readonly gateway: Address;
}

/** Throws `invalid-input` for one that is no address, not an interface's in the subnet, its gateway, or given twice. */
export function readAuxiliaryAddresses(
  requested: Readonly<Record<string, string>>,
  { cidr, gateway }: Surroundings,
): readonly AuxiliaryAddress[] {
  const names = new Map<bigint, string>();
  return Object.entries(requested).map(([name, text]) => {
    const address = readAddress(text);
    if (address === undefined) throw auxiliaryRefusal(name, text, `not usable: ${explainAddress(text)}`);
    const shown = formatAddress(address);
    const subnet = `subnet ${formatCidr(cidr)}`;
    const unusable = explainUnusable(cidr, address);
    if (unusable !== undefined) throw auxiliaryRefusal(name, shown, `${unusable} ${subnet}`);
    if (address.value === gateway.value) throw auxiliaryRefusal(name, shown, `the gateway of ${subnet}`);
    const other = names.get(address.value);
    if (other !== undefined) throw auxiliaryRefusal(name, shown, `"${other}" already`);
    names.set(address.value, name);
    return { name, address };
  });
}

function auxiliaryRefusal(name: string, address: string, why: string): Error {
  return invalidInput("TSD_AUXILIARY_INVALID", {
    message: `auxiliary address ${name}=${address} is ${why}`,
    hint: "Give a free address of the subnet, or leave it out.",
    value: address,
  });
}
