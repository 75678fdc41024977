import type { EndpointPeer, HostPeer } from "../../api/index.js";
import { isHexId, readEndpoint, readName } from "../../cluster/records/values.js";
import { endpointPeerId } from "../../contracts/peer-id.js";
import { type Address, readAddress } from "../../ipam/address.js";
import { formatCidr, holds } from "../../ipam/cidr.js";
import { type Judged, readRecord } from "../records/read-record.js";
import { inOrder, type NetworkRecords } from "../records/shared-records.js";
import { type AddressClaim, claimedBlocks } from "./claimed-blocks.js";
import { faultOfAddress, faultOfMac, hostAddresses, type NetworkBounds } from "./network-bounds.js";

/**
 * Endpoints that hosts among `hosts` have in a network. The others are put into `ignored`, but for those that their hosts have left
 * over. An address within a block is that of the block's host, unless another holds it since before there was the block.
 */
export function endpointPeers(
  { endpoints, held, blocks }: Pick<NetworkRecords, "endpoints" | "held" | "blocks">,
  { bounds, hosts }: { readonly bounds: NetworkBounds; readonly hosts: ReadonlyMap<string, HostPeer> },
  ignored: Map<string, string>,
): readonly EndpointPeer[] {
  const found: EndpointPeer[] = [];
  const subnets = bounds.subnets.map(({ cidr, gateway }) => ({ cidr: formatCidr(cidr), gateway }));
  const taken = new Set([...hosts.values()].flatMap((host) => [host.mac, ...hostAddresses(subnets, host.blocks)]));
  const blockAround = claimedBlocks(blocks, bounds, hosts);
  const claimOf = (text: string): AddressClaim | undefined => {
    const block = blockAround(readAddress(text) as Address);
    const claim = held.get(text);
    const holder = readRecord(claim?.value ?? "", readName);
    const isBlock = "fault" in holder || claim === undefined || (block !== undefined && claim.created >= block.created);
    return isBlock ? block : { host: holder.value, created: claim.created };
  };
  for (const [id, { value, modified }] of inOrder(endpoints)) {
    const record = readRecord(value, readEndpoint);
    const host = "value" in record ? record.value.host : "";
    if (host === bounds.host) continue;
    const judged = "fault" in record ? record : judgeEndpoint(bounds, { id, ...record.value, peer: hosts.get(host) });
    const fault = "fault" in judged ? judged.fault : faultOfClaims(judged.value, claimOf, taken);
    if ("fault" in judged || fault !== undefined) {
      const isLeft = "value" in record && isLeftOver(bounds, { ...record.value, modified }, claimOf);
      if (!isLeft) ignored.set(`endpoints/${id}`, fault ?? "");
      continue;
    }
    for (const one of [judged.value.mac, ...judged.value.addresses]) taken.add(one);
    found.push(judged.value);
  }
  return found;
}

/**
 * A host gives up an address outside of its blocks before its agent removes the record of the endpoint, which may take until that agent
 * runs again. The address is no one's then, or another's that claimed it after the record was written. Nothing is wrong here.
 */
function isLeftOver(
  { subnets }: NetworkBounds,
  { host, addresses, modified }: Pick<EndpointPeer, "host" | "addresses"> & { readonly modified: number },
  claimOf: (address: string) => AddressClaim | undefined,
): boolean {
  return addresses.some((text) => {
    const claimed = claimOf(text);
    if (claimed?.host === host || !subnets.some(({ cidr }) => holds(cidr, readAddress(text) as Address))) return false;
    return claimed === undefined || claimed.created > modified;
  });
}

interface WrittenEndpoint extends Pick<EndpointPeer, "id" | "host" | "mac" | "addresses" | "names"> {
  /** Its host. */
  readonly peer: HostPeer | undefined;
}

function judgeEndpoint(bounds: NetworkBounds, { id, peer, ...written }: WrittenEndpoint): Judged<EndpointPeer> {
  if (!isHexId(id)) return { fault: "its key is no id of an endpoint" };
  if (peer === undefined) return { fault: `its host ${written.host} is no member of the network` };
  if (bounds.ownEndpoints.has(id)) return { fault: "its id is that of an endpoint of this host" };
  const [fault] = [
    faultOfMac(bounds, written.mac),
    ...written.addresses.map((address) => faultOfAddress(bounds, address)),
  ].filter((one) => one !== undefined);
  if (fault !== undefined) return { fault };
  const { networkId } = bounds;
  return {
    value: {
      ...{ kind: "endpoint", id: endpointPeerId(networkId, id), networkId, address: peer.address },
      ...{ blocks: peer.blocks, ...written },
      ...(peer.wireguard === undefined ? {} : { hostMac: peer.mac }),
    },
  };
}

function faultOfClaims(
  { host, mac, addresses }: EndpointPeer,
  claimOf: (address: string) => AddressClaim | undefined,
  taken: ReadonlySet<string>,
): string | undefined {
  const foreign = addresses.find((address) => claimOf(address)?.host !== host);
  if (foreign !== undefined) return `${foreign} is in no block of host ${host}, nor held by it`;
  const twice = [mac, ...addresses].find((one) => taken.has(one));
  return twice === undefined ? undefined : `another record has ${twice} already`;
}
