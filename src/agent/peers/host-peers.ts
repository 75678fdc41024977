import type { HostPeer } from "../../api/index.js";
import { isName, readHostRecord, readMember, readName } from "../../cluster/records/values.js";
import { hostPeerId } from "../../contracts/peer-id.js";
import { type Judged, readRecord } from "../records/read-record.js";
import { inOrder, type NetworkRecords, type SharedRecord } from "../records/shared-records.js";
import { faultOfKey, faultOfMac, faultOfUnderlay, judgeBlock, type NetworkBounds } from "./network-bounds.js";

/** Hosts that are members of a network beside this one, by name. The others are put into `ignored`. */
export function hostPeers(
  { hosts, members, blocks }: NetworkRecords,
  bounds: NetworkBounds,
  ignored: Map<string, string>,
): ReadonlyMap<string, HostPeer> {
  const found = acceptedMembers({ hosts, members }, bounds, ignored);
  for (const [key, { value }] of inOrder(blocks)) {
    const holder = readRecord(value, readName);
    const name = "value" in holder ? holder.value : undefined;
    if (name === bounds.host || ignored.has(memberKey(name))) continue;
    const peer = found.get(name ?? "");
    const block = key.replace("_", "/");
    const fault = peer === undefined ? "the host that has it is no member of the network" : judgeBlock(bounds, block);
    if (peer === undefined || fault !== undefined) ignored.set(`blocks/${key}`, fault ?? "");
    else found.set(peer.host, { ...peer, blocks: [...peer.blocks, block] });
  }
  return found;
}

/** Without their blocks. */
function acceptedMembers(
  { hosts, members }: Pick<NetworkRecords, "hosts" | "members">,
  bounds: NetworkBounds,
  ignored: Map<string, string>,
): Map<string, HostPeer> {
  const found = new Map<string, HostPeer>();
  const taken = new Map<string, string>();
  for (const [name, member] of inOrder(members)) {
    if (name === bounds.host) continue;
    const judged = withoutTaken(judgeMember(bounds, name, { member, host: hosts.get(name) }), taken);
    if ("fault" in judged) {
      ignored.set(memberKey(name), judged.fault);
      continue;
    }
    for (const one of uniqueOf(judged.value)) taken.set(one, name);
    found.set(name, judged.value);
  }
  return found;
}

/** Of a host without a name there is no record. */
function memberKey(name: string | undefined): string {
  return name === undefined ? "" : `members/${name}`;
}

interface WrittenHost {
  readonly member: SharedRecord;
  readonly host: SharedRecord | undefined;
}

function judgeMember(bounds: NetworkBounds, name: string, written: WrittenHost): Judged<HostPeer> {
  if (!isName(name)) return { fault: "its key is no name of a host" };
  const member = readRecord(written.member.value, readMember);
  if ("fault" in member) return member;
  if (written.host === undefined) return { fault: "the host is not in the cluster" };
  const host = readRecord(written.host.value, readHostRecord);
  if ("fault" in host) return { fault: `the record of the host is of no use: ${host.fault}` };
  const { address, epoch, mac, wireguard } = member.value;
  if (epoch !== host.value.epoch) return { fault: "it is of an earlier state of that host" };
  if (address !== host.value.address)
    return { fault: `its address is ${address}, and that of the host is ${host.value.address}` };
  const fault = faultOfUnderlay(bounds, address) ?? faultOfMac(bounds, mac) ?? faultOfKey(bounds, wireguard);
  if (fault !== undefined) return { fault };
  const { networkId, encryption } = bounds;
  const end = encryption === undefined || wireguard === undefined ? {} : { wireguard };
  const id = hostPeerId(networkId, name);
  return { value: { kind: "host", id, networkId, host: name, address, mac, blocks: [], ...end } };
}

/** What no two hosts of a network have. */
export function uniqueOf({
  mac,
  address,
  wireguard,
}: Pick<HostPeer, "mac" | "address" | "wireguard">): readonly string[] {
  return [mac, address, ...(wireguard === undefined ? [] : [wireguard.publicKey])];
}

/** Of two hosts with one address or key only the first is followed: packets for both would go there. */
function withoutTaken(judged: Judged<HostPeer>, taken: ReadonlyMap<string, string>): Judged<HostPeer> {
  if ("fault" in judged) return judged;
  const [twice] = uniqueOf(judged.value).filter((one) => taken.has(one));
  return twice === undefined ? judged : { fault: `${twice} is that of host ${taken.get(twice)} already` };
}
