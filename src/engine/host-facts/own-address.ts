import { familyOf, withoutPrefix } from "../../api/address-family.js";
import { readIPv4 } from "../../api/ipv4.js";
import type { Host } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

interface AddressRequest {
  readonly address?: string;
  readonly interface?: string;
  readonly etcd?: { readonly endpoints: readonly string[] };
}

/**
 * The address by which other hosts of a cluster reach this one: the one asked for, that of an interface, or that from which packets
 * for etcd are sent. Throws `not-found` where this host has no such address.
 */
export async function ownAddress(host: Host, { address, interface: link, etcd }: AddressRequest): Promise<string> {
  const own = host.addresses().map((one) => ({ link: one.link, address: withoutPrefix(one.address) }));
  if (address !== undefined) {
    if (own.some((one) => one.address === address)) return address;
    const has = own.map((one) => one.address).join(", ");
    throw noAddress(
      `this host has no address ${address}`,
      `Give one that it has: ${has === "" ? "there is none" : has}.`,
    );
  }
  if (link !== undefined) {
    const found = own.filter((one) => one.link === link).sort((a, b) => familyOf(a.address) - familyOf(b.address))[0];
    if (found !== undefined) return found.address;
    throw noAddress(
      `interface ${link} of this host has no address`,
      "Name another interface, or an address: --address IP",
    );
  }
  const towards = etcd === undefined ? undefined : await addressTowards(host, etcd.endpoints);
  if (towards !== undefined) return towards;
  const ways = new Set(host.uplinks().map(({ name }) => name));
  const chosen = own.find((one) => ways.has(one.link)) ?? own[0];
  if (chosen !== undefined) return chosen.address;
  throw noAddress("this host has no address by which others could reach it", "Give it one, and name it: --address IP");
}

/** The source of packets for the first member of etcd that is not this host's loopback; undefined where there is none. */
async function addressTowards(host: Host, endpoints: readonly string[]): Promise<string | undefined> {
  for (const endpoint of endpoints) {
    const name = new URL(endpoint).hostname.replace(/^\[|\]$/g, "");
    const isAddress = name.includes(":") || readIPv4(name) !== undefined;
    for (const destination of isAddress ? [name] : await host.lookup(name)) {
      const source = host.routeTo(destination)?.source;
      if (source !== undefined && !/^(127\.|::1$)/.test(source)) return source;
    }
  }
  return undefined;
}

function noAddress(message: string, hint: string): TsdError {
  return new TsdError({ kind: "not-found", code: "TSD_CLUSTER_NO_ADDRESS", message, hint });
}
