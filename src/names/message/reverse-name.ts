import ipaddr from "ipaddr.js";
import { readIPv4 } from "../../api/ipv4.js";

const IPV4_ZONE = ".in-addr.arpa";
const IPV6_ZONE = ".ip6.arpa";

/** The address, as RFC 5952 writes it, that a name of the reverse zones stands for (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseAddress(name: string): string | undefined {
  if (name.endsWith(IPV4_ZONE)) return ipv4(name.slice(0, -IPV4_ZONE.length));
  return name.endsWith(IPV6_ZONE) ? ipv6(name.slice(0, -IPV6_ZONE.length)) : undefined;
}

function ipv4(labels: string): string | undefined {
  const address = labels.split(".").reverse().join(".");
  return readIPv4(address) === undefined ? undefined : address;
}

function ipv6(labels: string): string | undefined {
  if (!/^[0-9a-f](\.[0-9a-f]){31}$/.test(labels)) return undefined;
  const digits = labels.split(".").reverse().join("");
  return new ipaddr.IPv6([...Buffer.from(digits, "hex")]).toRFC5952String();
}
