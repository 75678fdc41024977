/** Names that images look for the host by, as docker and podman have them. */
export const namesOfHost: ReadonlySet<string> = new Set([
  "host.docker.internal",
  "host.containers.internal",
  "gateway",
]);

/** Domains of which nothing is asked outside: RFC 6761 §6.3 and §6.4, RFC 7686, and those of container engines. */
const reserved = ["localhost", "invalid", "onion", "docker.internal", "containers.internal"];

/** Whether nothing outside can say what the name means. */
export function isReserved(name: string): boolean {
  return reserved.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

/** True for a word without dots; the root is none. */
export function isSingleLabel(name: string): boolean {
  return name !== "" && !name.includes(".");
}

/** In the spelling that rows have (RFC 5952), whatever zeros an IPv6 address has. */
export function canonicalAddress(address: string): string {
  return address.includes(":") ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
