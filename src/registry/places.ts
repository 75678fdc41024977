import { BlockList, isIP } from "node:net";
import { refusedPlace } from "./failures.js";

/** Addresses by which machines learn of themselves: metadata services of clouds give credentials away there. */
const LINK_LOCAL = [
  ["169.254.0.0", 16, "ipv4"],
  ["fe80::", 10, "ipv6"],
  ["fd00:ec2::", 32, "ipv6"],
] as const;

/** Where a registry may send tsd. */
export interface Journey {
  /** The registry that leads there. */
  readonly host: string;
  /** It may lead to plain HTTP. */
  readonly allowsPlain: boolean;
}

/**
 * The place that a registry leads to, by a redirect or as its realm. Throws `permission` for one of another scheme than HTTP, for
 * plain HTTP from a registry that is not insecure, for a name with a password in it, and for link-local addresses.
 */
export async function requirePlace(text: string, base: URL, { host, allowsPlain }: Journey): Promise<URL> {
  if (!URL.canParse(text, base)) throw refusedPlace(host, text, "which is no address");
  const url = new URL(text, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refusedPlace(host, text, "which is not on the web");
  if (url.protocol === "http:" && !allowsPlain) throw refusedPlace(host, text, "which is not encrypted");
  if (url.username !== "" || url.password !== "") throw refusedPlace(host, url.host, "with a user's name before it");
  if (await isLinkLocal(url.hostname)) throw refusedPlace(host, text, "a link-local address, which no registry has");
  return url;
}

async function isLinkLocal(hostname: string): Promise<boolean> {
  const literal = hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = isIP(literal) ? [literal] : await resolve(literal);
  const list = new BlockList();
  for (const [network, prefix, family] of LINK_LOCAL) list.addSubnet(network, prefix, family);
  return addresses.some((address) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"));
}

/** None where the name does not resolve: the request fails by itself. */
async function resolve(name: string): Promise<readonly string[]> {
  const { lookup } = await import("node:dns/promises");
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
