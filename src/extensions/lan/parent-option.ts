import { interfaceOption, type Option } from "../../api/index.js";

/** `parent=eth0`, or `parent=eth0.20` for VLAN 20 of it. */
export const parentOption: Option = {
  names: ["parent"],
  valid: (value, key) => value !== "lo" && interfaceOption.valid(value, key),
  expected: "the name of a link of the host other than lo, at most 15 characters",
};

/** The parts of `eth0.20`; undefined for a name that names no VLAN. The id may be out of range. */
export function splitVlan(name: string): { readonly base: string; readonly id: number } | undefined {
  const [, base, digits] = /^(.+)\.(\d+)$/.exec(name) ?? [];
  return base === undefined ? undefined : { base, id: Number(digits) };
}

/** IEEE 802.1Q; 0 and 4095 are reserved. */
export function isVlanId(id: number): boolean {
  return Number.isInteger(id) && id >= 1 && id <= 4094;
}
