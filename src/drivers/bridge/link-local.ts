/**
 * The link-local address that an interface takes by its MAC address, without prefix length: `fe80::42:aff:fe0a:a02` for
 * `02:42:0a:0a:0a:02` (RFC 4291, appendix A; sysctl `addr_gen_mode` 0).
 */
export function linkLocalOf(mac: string): string {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = mac
    .split(":")
    .map((octet) => Number.parseInt(octet, 16));
  const groups = [((first ^ 2) << 8) | second, (third << 8) | 0xff, 0xfe00 | fourth, (fifth << 8) | sixth];
  return `fe80::${groups.map((group) => group.toString(16)).join(":")}`;
}
