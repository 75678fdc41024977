import { randomInt } from "node:crypto";
import type { ClusterChange, MemberRecord, NetworkRecord } from "../../contracts/index.js";
import { type Address, readAddress } from "../../ipam/address.js";
import { type Cidr, contains, holds, readCidr } from "../../ipam/cidr.js";
import { chooseBlock } from "./choose-block.js";
import type { ClaimingHost } from "./claiming-host.js";
import { blocksExhausted } from "./conflicts.js";
import type { NetworkContents } from "./network-contents.js";
import { put, type Scope } from "./scope.js";

/** A host that joins a network. */
export interface JoinSpec extends ClaimingHost, Pick<MemberRecord, "address" | "mac" | "isUsed" | "wireguard"> {}

/** What a host has of a network. */
export interface MemberPlace {
  readonly record: NetworkRecord;
  readonly member: MemberRecord;
  /** In the order in which they were claimed. */
  readonly blocks: readonly string[];
  /** Addresses in these blocks that other hosts held before: no container here may have them. */
  readonly held: readonly string[];
}

interface JoinRequest {
  /** Name of the network. */
  readonly network: string;
  readonly record: NetworkRecord;
  readonly host: JoinSpec;
  readonly extra?: string;
}

interface Joining {
  readonly change: Pick<ClusterChange, "require" | "put">;
  readonly place: MemberPlace;
}

/**
 * What makes a host a member with a block of each subnet; blocks and MAC address that it has already stay. `extra` is a subnet of which
 * it gets one more. After `tried` lost races it chooses among more blocks. Throws `exhausted`.
 */
export function changeToJoin(
  { keys }: Scope,
  { network, record, host, extra }: JoinRequest,
  contents: NetworkContents,
  tried = 0,
): Joining {
  const known = contents.members.get(host.name);
  const { name, address, epoch, isUsed } = host;
  const before = known?.value.epoch === epoch ? known.value : undefined;
  const wireguard = host.wireguard ?? before?.wireguard;
  const member: MemberRecord = {
    ...{ address, mac: before?.mac ?? host.mac, epoch, isUsed },
    ...(wireguard === undefined ? {} : { wireguard }),
  };
  const own = [...contents.blocks].filter(([, holder]) => holder.value === name).map(([block]) => block);
  const claimed = record.subnets
    .filter(({ cidr }) => cidr === extra || !own.some((block) => isWithin(block, cidr)))
    .map((subnet) => claimOf(subnet, contents, { network, tried }));
  const blocks = [...own, ...claimed];
  const isSame = known !== undefined && JSON.stringify(known.value) === JSON.stringify(member);
  return {
    change: {
      require: [
        { key: keys.member(record.id, name), modified: known?.modified ?? 0 },
        ...claimed.map((block) => ({ key: keys.block(record.id, block), is: "absent" as const })),
        // An address that is held while its block is claimed would belong to two hosts.
        { below: keys.heldAddresses(record.id), unchangedSince: contents.revision },
      ],
      put: [
        // With each block its member is written, so that leaving at the same moment sees both or none.
        ...(isSame && claimed.length === 0 ? [] : [put(keys.member(record.id, name), member)]),
        ...claimed.map((block) => put(keys.block(record.id, block), name)),
      ],
    },
    place: { record, member, blocks, held: heldIn(blocks, name, contents) },
  };
}

function claimOf(
  subnet: NetworkRecord["subnets"][number],
  { blocks }: NetworkContents,
  { network, tried }: { readonly network: string; readonly tried: number },
): string {
  // All hosts that start at once would choose the same block again and again.
  const skip = tried === 0 ? 0 : randomInt(8 << Math.min(tried, 12));
  const block = chooseBlock(subnet, blocks, skip) ?? chooseBlock(subnet, blocks);
  if (block !== undefined) return block;
  const holders = new Set([...blocks.values()].map(({ value }) => value));
  throw blocksExhausted(network, subnet.cidr, subnet.blockPrefix, holders.size);
}

function heldIn(blocks: readonly string[], host: string, { held }: NetworkContents): readonly string[] {
  const own = blocks.map((block) => readCidr(block)?.cidr as Cidr);
  const isInside = (address: string) => own.some((block) => holds(block, readAddress(address) as Address));
  return [...held]
    .filter(([address, holder]) => holder.value !== host && isInside(address))
    .map(([address]) => address);
}

function isWithin(block: string, cidr: string): boolean {
  return contains(readCidr(cidr)?.cidr as Cidr, readCidr(block)?.cidr as Cidr);
}
