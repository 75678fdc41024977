import { type Family, familyOf } from "../../api/address-family.js";
import { hostAddress, type Subnet, type WireguardEnd } from "../../api/index.js";
import type { NetworkRecord } from "../../contracts/index.js";
import { type Address, readAddress } from "../../ipam/address.js";
import {
  type Cidr,
  cidrAround,
  contains,
  explainUnusable,
  formatCidr,
  holds,
  overlaps,
  readCidr,
} from "../../ipam/cidr.js";
import type { LocalNetwork } from "../records/local-network.js";

interface BoundSubnet {
  readonly cidr: Cidr;
  readonly gateway: string;
  /** Prefix length of each block of it. */
  readonly blockPrefix: number;
}

/** What records about a network must keep to, and what of it is this host's own. */
export interface NetworkBounds {
  readonly networkId: string;
  /** Name of this host. */
  readonly host: string;
  readonly address: string;
  /** Of the addresses by which hosts reach each other. */
  readonly family: Family;
  /** Present where the network is encrypted; without this host's own key where it has lost that. */
  readonly encryption?: Partial<WireguardEnd>;
  readonly subnets: readonly BoundSubnet[];
  readonly ownBlocks: readonly Cidr[];
  readonly ownMacs: ReadonlySet<string>;
  /** Of endpoints. */
  readonly ownAddresses: ReadonlySet<string>;
  /** Of the host itself in the network. */
  readonly ownHostAddresses: ReadonlySet<string>;
  readonly ownEndpoints: ReadonlySet<string>;
}

export function networkBounds(
  { network, endpoints, wireguard }: LocalNetwork,
  shared: NetworkRecord["subnets"],
): NetworkBounds {
  const { id, cluster, mac } = network;
  return {
    networkId: id,
    host: cluster.host,
    address: cluster.address,
    family: familyOf(cluster.address),
    ...(cluster.wireguard === undefined ? {} : { encryption: wireguard ?? {} }),
    subnets: network.subnets.flatMap(({ cidr: text, gateway }) => {
      const cidr = readCidr(text)?.cidr;
      const blockPrefix = shared.find((subnet) => subnet.cidr === text)?.blockPrefix;
      return cidr === undefined || blockPrefix === undefined ? [] : [{ cidr, gateway, blockPrefix }];
    }),
    ownBlocks: cluster.blocks.flatMap((block) => readCidr(block)?.cidr ?? []),
    ownMacs: new Set([cluster.mac, mac ?? cluster.mac, ...endpoints.map((endpoint) => endpoint.mac)]),
    ownAddresses: new Set(endpoints.flatMap(({ addresses }) => addresses)),
    ownHostAddresses: new Set(hostAddresses(network.subnets, cluster.blocks)),
    ownEndpoints: new Set(endpoints.map((endpoint) => endpoint.id)),
  };
}

/** In half a sentence why another host cannot have that block, as all faults below; undefined if it can. */
export function judgeBlock({ subnets, ownBlocks }: NetworkBounds, text: string): string | undefined {
  const cidr = readCidr(text)?.cidr;
  if (cidr === undefined || formatCidr(cidr) !== text) return "it is no block of addresses";
  const subnet = subnets.find((one) => contains(one.cidr, cidr));
  if (subnet === undefined) return "it is not within the network";
  if (cidr.prefix !== subnet.blockPrefix)
    return `blocks of ${formatCidr(subnet.cidr)} have prefix length ${subnet.blockPrefix}`;
  const own = ownBlocks.find((one) => overlaps(one, cidr));
  return own === undefined ? undefined : `${formatCidr(own)} is this host's`;
}

/** Of an endpoint's address. */
export function faultOfAddress(bounds: NetworkBounds, text: string): string | undefined {
  const address = readAddress(text) as Address;
  const subnet = bounds.subnets.find(({ cidr }) => holds(cidr, address));
  if (subnet === undefined) return `${text} is not within the network`;
  const unusable = explainUnusable(subnet.cidr, address);
  if (unusable !== undefined) return `${text} is ${unusable} the network`;
  if (text === subnet.gateway) return `${text} is the network's gateway`;
  if (bounds.ownAddresses.has(text)) return `${text} is that of an endpoint of this host`;
  return bounds.ownHostAddresses.has(text) ? `${text} is this host's own address in the network` : undefined;
}

/** Addresses that a host with these blocks has itself in the network. */
export function hostAddresses(
  subnets: readonly Pick<Subnet, "cidr" | "gateway">[],
  blocks: readonly string[],
): readonly string[] {
  return subnets.flatMap((subnet) => hostAddress(blocks, subnet) ?? []);
}

/** What no host has: this network, loopback, groups, all; and addresses that need a link beside them (RFC 4291 §2.5.6). */
const NO_HOST: readonly (readonly [address: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["224.0.0.0", 3],
  ["::", 127],
  ["fe80::", 10],
  ["ff00::", 8],
];

/** Of the address that packets for a host are sent to. They must not lead into the network that they carry. */
export function faultOfUnderlay({ address: own, family, subnets }: NetworkBounds, text: string): string | undefined {
  const address = readAddress(text) as Address;
  const isOfHost = !NO_HOST.some(([first, prefix]) =>
    holds(cidrAround(readAddress(first) as Address, prefix), address),
  );
  if (address.family !== family || !isOfHost) return `${text} is no address by which this host reaches others`;
  if (text === own) return `${text} is this host's own address`;
  return subnets.some(({ cidr }) => holds(cidr, address)) ? `${text} is within the network itself` : undefined;
}

/** Of a host's key. The kernel would pass over one that is its own. */
export function faultOfKey({ encryption }: NetworkBounds, end: WireguardEnd | undefined): string | undefined {
  if (encryption === undefined) return undefined;
  if (end === undefined) return "the network is encrypted, and the host has no key";
  return end.publicKey === encryption.publicKey ? `${end.publicKey} is this host's own key` : undefined;
}

export function faultOfMac({ ownMacs }: NetworkBounds, mac: string): string | undefined {
  if (mac === "00:00:00:00:00:00") return `${mac} is no MAC address`;
  return ownMacs.has(mac) ? `${mac} is a MAC address of this host` : undefined;
}
