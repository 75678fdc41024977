import { readEndpoint, readMember, readName } from "../../cluster/records/values.js";
import type { NetworkRecord } from "../../contracts/index.js";
import { readAddress } from "../../ipam/address.js";
import { type Cidr, cidrAround, formatCidr, holds, readCidr } from "../../ipam/cidr.js";
import { readRecord } from "../records/read-record.js";
import type { NetworkRecords, SharedRecord } from "../records/shared-records.js";
import { uniqueOf } from "./host-peers.js";

/** Subnets of a network, as far as they say which block holds an address. */
export type BlockSizes = readonly (readonly [subnet: Cidr, prefix: number])[];

export function blockSizes(subnets: NetworkRecord["subnets"]): BlockSizes {
  return subnets.flatMap(({ cidr: text, blockPrefix }) => {
    const cidr = readCidr(text)?.cidr;
    return cidr === undefined ? [] : [[cidr, blockPrefix] as const];
  });
}

export function hostTie(host: string): string {
  return `host ${host}`;
}

/**
 * What a record of a network is about: hosts, blocks, MAC addresses, addresses, keys, ids. Where two records have nothing of it in common, and no
 * chain of others links them, neither has a part in how the other is judged.
 */
export function tiesOf(
  place: keyof NetworkRecords,
  name: string,
  { value }: SharedRecord,
  sizes: BlockSizes,
): readonly string[] {
  switch (place) {
    case "hosts":
      return [hostTie(name)];
    case "members": {
      const record = readRecord(value, readMember);
      return [hostTie(name), ...("fault" in record ? [] : uniqueOf(record.value))];
    }
    case "blocks": {
      const holder = readRecord(value, readName);
      return [blockTie(name.replace("_", "/")), ...("fault" in holder ? [] : [hostTie(holder.value)])];
    }
    case "endpoints": {
      const record = readRecord(value, readEndpoint);
      if ("fault" in record) return [name];
      const { host, mac, addresses } = record.value;
      return [...new Set([name, hostTie(host), mac, ...addresses, ...addresses.flatMap((one) => around(one, sizes))])];
    }
    case "held":
      return [name];
  }
}

/** Also of the host that has it: its own address in the network is within. */
function blockTie(cidr: string): string {
  return `block ${cidr}`;
}

function around(text: string, sizes: BlockSizes): readonly string[] {
  const address = readAddress(text);
  if (address === undefined) return [];
  const [, prefix] = sizes.find(([subnet]) => holds(subnet, address)) ?? [];
  return prefix === undefined ? [] : [blockTie(formatCidr(cidrAround(address, prefix)))];
}
