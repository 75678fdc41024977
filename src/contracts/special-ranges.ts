/** Where no container can be reached, by the IANA special-purpose registries (RFC 6890) and RFC 4291 §2.4. */
export const specialRanges: readonly (readonly [cidr: string, name: string])[] = [
  ["0.0.0.0/8", "this network"],
  ["127.0.0.0/8", "loopback"],
  ["224.0.0.0/4", "multicast"],
  ["255.255.255.255/32", "broadcast"],
  ["::/8", "reserved"],
  ["fe80::/10", "link-local"],
  ["ff00::/8", "multicast"],
];

/** RFC 3927. A user may want it on a link; who asks for a subnet or an address that any machine can reach gets none of it. */
export const linkLocalRange = ["169.254.0.0/16", "link-local"] as const;
