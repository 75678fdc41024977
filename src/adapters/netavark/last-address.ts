import ipaddr from "ipaddr.js";

/** The last address of a CIDR that an interface can have: of IPv4, the one before the broadcast address. */
export function lastAddress(cidr: string): string {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  for (let bit = prefix; bit < bytes.length * 8; bit++) {
    const at = bit >> 3;
    bytes[at] = (bytes[at] ?? 0) | (0x80 >> (bit & 7));
  }
  const last = bytes.length - 1;
  if (address.kind() === "ipv4") bytes[last] = (bytes[last] ?? 0) & 0xfe;
  return ipaddr.fromByteArray(bytes).toString();
}
