import ipaddr from "ipaddr.js";
import type { Family } from "../api/address-family.js";
import { readIPv4 } from "../api/ipv4.js";
import { TsdError } from "../errors/tsd-error.js";

/** An IP address as a number. */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** Bits of an address. */
export const addressBits: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

/** The address that `text` is, or undefined for anything but the forms that {@link parseAddress} takes. */
export function readAddress(text: string): Address | undefined {
  const numbers = readIPv4(text);
  if (numbers !== undefined) return { family: 4, value: toNumber(numbers) };
  if (!text.includes(":") || !ipaddr.IPv6.isValid(text) || text.includes("%")) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return parsed.isIPv4MappedAddress() ? undefined : { family: 6, value: toNumber(parsed.toByteArray()) };
}

/**
 * Parses an IPv4 address of four decimal numbers without leading zeros (RFC 6943 §3.1.1, "strict"), or an IPv6 address
 * (RFC 4291 §2.2) without zone. IPv4-mapped ones are refused, since they would be a second name for an IPv4 address.
 * Throws `invalid-input` naming `what` the text was meant to be.
 */
export function parseAddress(text: string, what: string): Address {
  const address = readAddress(text);
  if (address !== undefined) return address;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_ADDRESS_INVALID",
    message: `${what} "${text}" is not usable: ${explainAddress(text)}`,
    hint: "Write an address like 10.10.10.1 or fd00:10::1.",
    details: { value: text },
  });
}

/** What is wrong with a text that {@link readAddress} refuses, as half a sentence. */
export function explainAddress(text: string): string {
  if (ipaddr.IPv6.isValid(text)) {
    if (text.includes("%")) return `"${text}" has a zone`;
    return `"${text}" is an IPv4-mapped address, in place of ${ipaddr.IPv6.parse(text).toIPv4Address()}`;
  }
  if (/^[\d.]+$/.test(text) && /(^|\.)0\d/.test(text)) return `"${text}" has leading zeros, which can mean octal`;
  if (/^\d+(\.\d+)*$/.test(text)) return `"${text}" is not four numbers from 0 to 255`;
  return `"${text}" is not an IP address`;
}

/** `10.10.10.1`, or IPv6 in the form of RFC 5952. */
export function formatAddress({ family, value }: Address): string {
  const digits = value.toString(16).padStart(addressBits[family] / 4, "0");
  const bytes = [...Buffer.from(digits, "hex")];
  return family === 4 ? bytes.join(".") : new ipaddr.IPv6(bytes).toRFC5952String();
}

function toNumber(bytes: readonly number[]): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}
