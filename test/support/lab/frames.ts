/** Frames by hand, RFC 894 and 2464; for tests that send what no kernel would. All of it in hexadecimal. */

/** An Ethernet frame; `type` may hold VLAN tags as well. */
export function ethernet(source: string, destination: string, type: string, payload: string): string {
  return `${hex(destination)}${hex(source)}${type}${payload}`;
}

/** RFC 826: 1 is a request, 2 a reply. */
export function arp(operation: 1 | 2, sender: readonly [mac: string, address: string], target: string): string {
  return `000108000604${word(operation)}${hex(sender[0])}${ipv4Bytes(sender[1])}000000000000${ipv4Bytes(target)}`;
}

/** RFC 791, with a datagram to the discard port; `mark` distinguishes it from others. */
export function ipv4(source: string, destination: string, mark: number): string {
  const body = `0009000900100000${word(mark)}${word(mark)}${word(mark)}${word(mark)}`;
  const header = (sum: string) => `45000024${word(mark)}00004011${sum}${ipv4Bytes(source)}${ipv4Bytes(destination)}`;
  return `${header(checksum(header("0000")))}${body}`;
}

/** RFC 8200. */
export function ipv6(source: string, destination: string, message: Icmpv6): string {
  const { extension = "", first = extension === "" ? 58 : 60, body } = message;
  const pseudo = `${ipv6Bytes(source)}${ipv6Bytes(destination)}${word(0)}${word(body.length / 2)}0000003a`;
  const sealed = body === "" ? "" : `${body.slice(0, 4)}${checksum(pseudo + body)}${body.slice(8)}`;
  const payload = `${extension}${sealed}`;
  return `60000000${word(payload.length / 2)}${byte(first)}ff${ipv6Bytes(source)}${ipv6Bytes(destination)}${payload}`;
}

export interface Icmpv6 {
  readonly body: string;
  /** Other headers between that of IPv6 and this message. */
  readonly extension?: string;
  /** What the first of them is; absent: destination options, 60. */
  readonly first?: number;
}

/** RFC 8200 §4.5: of what `next` says, from byte `offset` on, a multiple of eight. */
export function fragment(next: number, offset: number, { isLast }: { readonly isLast: boolean }): string {
  return `${byte(next)}00${word(offset | (isLast ? 0 : 1))}0000beef`;
}

/** Eight bytes of padding in destination options, before ICMPv6 (RFC 8200 §4.6). */
export const padding = "3a00010400000000";

/** RFC 4861 §4: a message with a target, and perhaps an option of one link-layer address. */
export function neighbour(type: number, target: string, options = "", flags = "00"): string {
  return `${byte(type)}000000${flags}000000${ipv6Bytes(target)}${options}`;
}

/** RFC 4861 §4.6.1: 1 is the source's address, 2 the target's. */
export function linkLayerOption(type: 1 | 2, mac: string): string {
  return `${byte(type)}01${hex(mac)}`;
}

function checksum(bytes: string): string {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum += Number.parseInt(bytes.slice(at, at + 4).padEnd(4, "0"), 16);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return word(~sum & 0xffff);
}

function hex(mac: string): string {
  return mac.replaceAll(":", "");
}

function byte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function word(value: number): string {
  return value.toString(16).padStart(4, "0");
}

function ipv4Bytes(address: string): string {
  return address
    .split(".")
    .map((part) => byte(Number(part)))
    .join("");
}

function ipv6Bytes(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => group.padStart(4, "0")));
  const [left, right] = [groups(head), groups(tail)];
  const gap = address.includes("::") ? 8 - left.length - right.length : 0;
  return [...left, ...Array.from({ length: gap }, () => "0000"), ...right].join("");
}
