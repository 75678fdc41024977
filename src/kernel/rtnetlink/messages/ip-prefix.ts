import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { readIPv4 } from "../../../api/ipv4.js";
import { TsdError } from "../../../errors/tsd-error.js";
import { AF_INET, AF_INET6 } from "./protocol.js";

/** An address and a prefix length, as rtnetlink has them. */
export interface IpPrefix {
  readonly family: typeof AF_INET | typeof AF_INET6;
  /** In network order, four or sixteen. */
  readonly bytes: Buffer;
  readonly length: number;
}

/** Reads `10.10.10.1/24` or `fd00::1/64`, host bits kept. Throws `invalid-input`. */
export function parsePrefix(text: string): IpPrefix {
  const slash = text.indexOf("/");
  const bytes = readAddress(text.slice(0, Math.max(slash, 0)));
  const digits = text.slice(slash + 1);
  if (bytes === undefined || !/^\d{1,3}$/.test(digits) || Number(digits) > bytes.length * 8) {
    throw malformed(text, "address with prefix length");
  }
  return { family: bytes.length === 4 ? AF_INET : AF_INET6, bytes, length: Number(digits) };
}

/** Reads an address without prefix length; its bytes in network order. Throws `invalid-input`. */
export function parseAddress(text: string): Buffer {
  const bytes = readAddress(text);
  if (bytes === undefined) throw malformed(text, "address");
  return bytes;
}

/** `10.0.0.1`, `fd00::1` (RFC 5952); the bytes in hexadecimal where they are no address. */
export function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  return bytes.length === 16 ? new ipaddr.IPv6([...bytes]).toRFC5952String() : bytes.toString("hex");
}

export function formatPrefix(prefix: Pick<IpPrefix, "bytes" | "length">): string {
  return `${formatAddress(prefix.bytes)}/${prefix.length}`;
}

function readAddress(text: string): Buffer | undefined {
  const numbers = readIPv4(text);
  if (numbers !== undefined) return Buffer.from(numbers);
  // A zone names a link of one machine and has no place in rtnetlink's addresses.
  return text.includes(":") && isIPv6(text) && !text.includes("%")
    ? Buffer.from(ipaddr.IPv6.parse(text).toByteArray())
    : undefined;
}

function malformed(text: string, what: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_ADDRESS_INVALID",
    message: `${JSON.stringify(text)} is not an IP ${what}`,
    details: { value: text },
  });
}

/** fe80::/10, which every link has. */
export function isLinkLocal(bytes: Buffer): boolean {
  return bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
}
