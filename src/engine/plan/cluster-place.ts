import { familyOf, withoutPrefix } from "../../api/address-family.js";
import { hostAddress, isWithin } from "../../api/driver-parts/host-address.js";
import type { ClusterPlace, Network, SpanningOptions } from "../../api/index.js";
import type { ClusterClaim, Links, Membership, NetworkRow, Routing } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { MemberPlace } from "../contracts/cluster.js";
import type { Parts } from "../contracts/parts.js";
import type { LackingClaim } from "./proposed.js";
import { withWireguardEnd } from "./wireguard-place.js";

type PlaceParts = Pick<Parts, "store" | "addressBook">;

/** What this host is in a network of which it has `place` in the cluster. */
export function clusterPlace(
  host: Routing & Links,
  { host: name, address }: Membership,
  { record, member, blocks }: MemberPlace,
): ClusterPlace {
  return { vni: record.vni, host: name, address, mtu: underlayMtu(host, name, address), mac: member.mac, blocks };
}

/** What it would be, for the driver to refuse what cannot be before anything is claimed. */
export function imaginedPlace(
  host: Routing & Links,
  { host: name, address }: Membership,
  { options, subnets, mac }: Pick<Network, "options" | "subnets" | "mac">,
): ClusterPlace {
  const vni = Number((options as SpanningOptions).vni ?? 1);
  const blocks = subnets.map(({ cidr }) => cidr);
  return { vni, host: name, address, mtu: underlayMtu(host, name, address), mac, blocks };
}

/** The claim of a new network, as it is planned. */
export function newNetworkClaim(keys: Parts["wireguardKeys"], planned: Network): LackingClaim {
  const { id, name, ...network } = planned;
  const { driver, created, subnets, options, labels, internal, dns, disableDns, mac } = network;
  const { vni } = options as SpanningOptions;
  const record = {
    ...{ id, name, driver, created, options, labels },
    subnets: subnets.map(({ cidr, gateway }) => ({ cidr, gateway, blockPrefix: blockPrefix(cidr, options) })),
    ...(internal ? { internal } : {}),
    ...(dns === undefined ? {} : { dns }),
    ...(disableDns ? { disableDns } : {}),
    ...(vni === undefined ? {} : { vni: Number(vni) }),
  };
  return {
    note: { of: "network", id, name, goes: true, ...portOf(planned) },
    claim: (cluster, host) =>
      withWireguardEnd(keys, planned, true, (end) =>
        cluster.createNetwork(record, { ...host, mac, isUsed: false, ...end }),
      ),
  };
}

/** This host's part in a network of the cluster that it has not used yet. */
export function adoptionClaim(
  keys: Parts["wireguardKeys"],
  planned: Pick<Network, "id" | "name" | "mac" | "cluster">,
): LackingClaim {
  const { id, name, mac } = planned;
  return {
    note: { of: "network", id, name, goes: false, ...portOf(planned) },
    // It is about to be used: no other host removes it meanwhile.
    claim: (cluster, host) =>
      withWireguardEnd(keys, planned, false, (end) =>
        cluster.joinNetwork(name, { ...host, mac, isUsed: true, ...end }),
      ),
  };
}

function portOf({ cluster }: Pick<Network, "cluster">): { readonly port?: number } {
  return cluster?.wireguard === undefined ? {} : { port: cluster.wireguard.port };
}

/** One more block of a subnet all of whose addresses here are in use, or one that this host has without knowing. */
export function blockClaim(parts: PlaceParts, { id, name, cluster }: Network, cidr: string): LackingClaim {
  const known = new Set(cluster?.blocks);
  return {
    claim: async (claims, host) => {
      const member = { ...host, mac: cluster?.mac ?? "", isUsed: true };
      const place = await claims.joinNetwork(name, member);
      const isNews = place.blocks.some((block) => !known.has(block) && isWithin(block, cidr));
      return isNews ? place : claims.claimBlock(name, member, cidr);
    },
    settle: (place) => {
      const row = parts.store.networks.get(id);
      if (row !== undefined && place !== undefined) adoptBlocks(parts, row, place);
    },
  };
}

/** An address outside of this host's blocks. */
export function addressClaim(
  { id, name }: Pick<Network, "id" | "name">,
  address: string,
): LackingClaim & { readonly note: ClusterClaim } {
  return {
    note: { of: "address", id, name, address },
    claim: async (cluster, host) => {
      await cluster.holdAddress({ id, name, address }, host);
      return undefined;
    },
  };
}

/** The order stays, of which the host's own address follows. In the caller's transaction. */
function adoptBlocks(parts: PlaceParts, row: NetworkRow, { blocks, held }: MemberPlace): void {
  const known = row.network.cluster?.blocks ?? [];
  changeBlocks(parts, row, {
    blocks: [...known, ...blocks.filter((block) => !known.includes(block))],
    lost: known.filter((block) => !blocks.includes(block)),
    held,
  });
}

/** Has no container get an address of these blocks any more, and of all others of this host again. In the caller's transaction. */
export function loseBlocks(parts: PlaceParts, networkId: string, lost: readonly string[]): void {
  const row = parts.store.networks.get(networkId);
  if (row === undefined || row.state === "deleting") return;
  changeBlocks(parts, row, { blocks: row.network.cluster?.blocks ?? [], lost, held: [] });
}

function changeBlocks(
  parts: PlaceParts,
  row: NetworkRow,
  {
    held,
    lost,
    blocks,
  }: Pick<ClusterPlace, "blocks"> & { readonly lost: readonly string[]; readonly held: readonly string[] },
): void {
  if (row.network.cluster === undefined) return;
  const { lost: _lost, ...place } = row.network.cluster;
  const network = { ...row.network, cluster: { ...place, blocks, ...(lost.length === 0 ? {} : { lost }) } };
  parts.store.networks.update({ ...row, network });
  limitPools(parts, network, held);
}

/** Has addresses come from this host's blocks alone, and none be one of `held`, in the caller's transaction. */
export function limitPools(
  { addressBook }: Pick<Parts, "addressBook">,
  { id, subnets, cluster }: Pick<Network, "id" | "subnets" | "cluster">,
  held: readonly string[],
): void {
  if (cluster === undefined) return;
  for (const subnet of subnets) {
    const { cidr } = subnet;
    const own = hostAddress(cluster.blocks, subnet);
    addressBook.limitPool({
      ...{ networkId: id, cidr, blocks: ownBlocks(cluster).filter((block) => isWithin(block, cidr)) },
      reserved: [
        ...(own === undefined ? [] : [{ what: "this host", address: own }]),
        ...held.filter((address) => isWithin(address, cidr)).map((address) => ({ what: "another host", address })),
      ],
    });
  }
}

/** Whether an address without prefix length is in one of this host's blocks. */
export function isOwn({ cluster }: Network, address: string): boolean {
  return cluster === undefined || ownBlocks(cluster).some((block) => isWithin(address, block));
}

function ownBlocks({ blocks, lost = [] }: ClusterPlace): readonly string[] {
  return blocks.filter((block) => !lost.includes(block));
}

/** Bytes that the link carries by which other hosts reach this one. Throws `conflict` where the host has lost that address. */
function underlayMtu(host: Routing & Links, name: string, address: string): number {
  const link = host.addresses().find((one) => withoutPrefix(one.address) === address)?.link;
  const mtu = link === undefined ? undefined : host.linkMtu(link);
  if (mtu !== undefined) return mtu;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CLUSTER_ADDRESS_LOST",
    message: `host ${name} has no address ${address} any more, by which its cluster knows it`,
    hint: "Give it that address again, or leave the cluster and join it with another: tsd cluster leave, then tsd cluster join --address IP",
    details: { host: name, address },
  });
}

/** Prefix length of a host's block: as the options say, or of 64 addresses of IPv4 and 65,536 of IPv6; less of a small subnet. */
function blockPrefix(cidr: string, options: SpanningOptions): number {
  const prefix = Number(cidr.split("/")[1]);
  const [asked, usual, longest] =
    familyOf(cidr) === 4 ? ([options.block, 26, 30] as const) : ([options.block_ipv6, 112, 126] as const);
  const chosen = asked === undefined ? Math.max(usual, Math.min(prefix + 6, longest)) : Number(asked);
  if (chosen >= prefix) return chosen;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_BLOCK_SIZE",
    message: `blocks of prefix length ${chosen} do not fit into subnet ${cidr}`,
    hint: `Give a prefix length from ${prefix} to ${longest}, or leave the option out.`,
    details: { cidr, block: chosen },
  });
}
