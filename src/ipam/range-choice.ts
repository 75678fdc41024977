import { type Cidr, contains, formatCidr, parseCidr } from "./cidr.js";
import { invalidInput } from "./invalid-input.js";

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
