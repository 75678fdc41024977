import ipaddr from "ipaddr.js";
import { readIPv4 } from "../../api/ipv4.js";
import { TYPE_A, TYPE_AAAA, TYPE_ANY } from "../message/codes.js";
import type { OwnRecord } from "../message/reply.js";

/** Addresses of which the octets are kept. */
const KEPT = 4096;
const encoded = new Map<string, OwnRecord>();

/** The records of addresses that a query of `type` asks for. */
export function addressRecords(addresses: readonly string[], type: number): readonly OwnRecord[] {
  if (type !== TYPE_A && type !== TYPE_AAAA && type !== TYPE_ANY) return [];
  return addresses.map(recordOf).filter((record) => type === TYPE_ANY || record.type === type);
}

function recordOf(address: string): OwnRecord {
  const known = encoded.get(address);
  if (known !== undefined) return known;
  const octets = readIPv4(address) ?? ipaddr.parse(address).toByteArray();
  const record = { type: octets.length === 4 ? TYPE_A : TYPE_AAAA, data: Buffer.from(octets) };
  if (encoded.size >= KEPT) encoded.clear();
  encoded.set(address, record);
  return record;
}
