import { isIP } from "node:net";

const DNS_PORT = 53;

/** Where a name server listens. */
export interface ServerAddress {
  /** With the zone of an address that needs one, `fe80::1%eth0`. */
  readonly host: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** Reads `ADDRESS` or `ADDRESS#PORT`, as dnsmasq writes a server. Undefined for what is no address. */
export function serverAddress(text: string): ServerAddress | undefined {
  const [host = "", after, ...rest] = text.split("#");
  const port = after === undefined ? DNS_PORT : Number(after);
  const family = isIP(host);
  if (rest.length > 0 || after === "" || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return family === 4 || family === 6 ? { host, family, port } : undefined;
}
