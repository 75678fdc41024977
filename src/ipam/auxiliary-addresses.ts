import { type Address, explainAddress, formatAddress, readAddress } from "./address.js";
import { type Cidr, formatCidr } from "./cidr.js";
import { invalidInput } from "./invalid-input.js";
import { explainUnusable } from "./usable-addresses.js";

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
  wishes: Readonly<Record<string, string>>,
  { cidr, gateway }: Surroundings,
): readonly AuxiliaryAddress[] {
  const names = new Map<bigint, string>();
  return Object.entries(wishes).map(([name, text]) => {
    const address = readAddress(text);
    if (address === undefined) throw refusal(name, text, `not usable: ${explainAddress(text)}`);
    const shown = formatAddress(address);
    const subnet = `subnet ${formatCidr(cidr)}`;
    const unusable = explainUnusable(cidr, address);
    if (unusable !== undefined) throw refusal(name, shown, `${unusable} ${subnet}`);
    if (address.value === gateway.value) throw refusal(name, shown, `the gateway of ${subnet}`);
    const other = names.get(address.value);
    if (other !== undefined) throw refusal(name, shown, `"${other}" already`);
    names.set(address.value, name);
    return { name, address };
  });
}

function refusal(name: string, address: string, why: string): Error {
  return invalidInput("TSD_AUXILIARY_INVALID", {
    message: `auxiliary address ${name}=${address} is ${why}`,
    hint: "Give a free address of the subnet, or leave it out.",
    value: address,
  });
}
