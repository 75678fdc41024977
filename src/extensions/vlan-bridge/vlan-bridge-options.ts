import {
  commonEndpointOptions,
  familyOf,
  hostIfnameOption,
  ifacePrefixOption,
  interfaceOption,
  mtuOption,
  type Network,
  type OptionTable,
  TsdError,
} from "../../api/index.js";
import { isVlanId, parentOption, splitVlan } from "../lan/parent-option.js";

export const networkOptions: OptionTable = {
  of: "the vlan-bridge driver",
  flag: "-o",
  options: [
    parentOption,
    {
      names: ["vlan"],
      valid: (value) => /^\d+$/.test(value) && isVlanId(Number(value)),
      expected: "a VLAN id from 1 to 4094",
    },
    { names: ["host_address"], valid: (value) => /^[\da-fA-F.:]+$/.test(value), expected: "an address of the subnet" },
    mtuOption,
    ifacePrefixOption,
  ],
};

export const endpointOptions: OptionTable = {
  ...networkOptions,
  flag: "--driver-opt",
  options: [...commonEndpointOptions, hostIfnameOption],
};

/** The name of the VLAN's link: `parent=eth0.20`, or `parent=eth0` and `vlan=20`. Throws `invalid-input`. */
export function uplinkOf({ name, options: { parent, vlan } }: Pick<Network, "name" | "options">): string {
  if (parent === undefined) throw refused(name, "has no parent", "Name its uplink: -o parent=eth0.20");
  const uplink = vlan === undefined ? parent : `${parent}.${vlan}`;
  if (splitVlan(uplink) === undefined) {
    throw refused(name, `has no VLAN for its parent ${parent}`, `Name one: -o parent=${parent}.20`);
  }
  if (interfaceOption.valid(uplink, "parent")) return uplink;
  throw refused(
    name,
    `would have the uplink ${uplink}, whose name has more than 15 characters`,
    "Choose a parent with a shorter name.",
  );
}

/** The host's own address on the VLAN, with prefix length; undefined for none. Throws `invalid-input`. */
export function hostAddress({ name, subnets, options }: Network): string | undefined {
  const { host_address: address } = options;
  if (address === undefined) return undefined;
  const subnet = subnets.find(({ auxiliary = {} }) => Object.values(auxiliary).includes(address));
  if (subnet !== undefined) return `${address}/${subnet.cidr.split("/")[1]}`;
  throw refused(
    name,
    `does not keep host_address=${address} from its containers`,
    `Reserve it in the subnet of IPv${familyOf(address)}: --aux-address host=${address}`,
  );
}

function refused(network: string, says: string, hint: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_VLAN_BRIDGE_INVALID",
    message: `network "${network}" ${says}`,
    hint,
    details: { network },
  });
}
