import ipaddr from "ipaddr.js";
import { canonicalAddress, canonicalCidr, withoutDots } from "../canonical-address.js";
import type { DataPart, Element, KeyPart } from "./element.js";
import { type ComponentType, elementSet, elementSets, type SetName } from "./element-sets.js";
import { protocolName } from "./protocol-number.js";
import { fromRawNumber } from "./raw-payload.js";
import { TABLE } from "./skeleton.js";

/** What `nft -j list table` of one of tsd's says, as far as tsd asks. */
export interface TableListing {
  readonly chains: readonly string[];
  /** Names of sets and maps, known or not. */
  readonly sets: readonly string[];
  readonly elements: readonly Element[];
}

/**
 * Reads nft's JSON, libnftables-json(5). Fields, objects and elements that are not understood are passed over: nft adds
 * to its output from version to version. Throws SyntaxError for what is no JSON at all.
 */
export function parseListing(json: string): TableListing {
  const objects = arrayOf(field(parseExactly(json), "nftables"));
  const chains = objects.flatMap((object) => nameOf(field(object, "chain")));
  const sets = objects.flatMap((object) => [field(object, "set") ?? field(object, "map") ?? []].flat());
  return { chains, sets: sets.flatMap(nameOf), elements: sets.flatMap(parseSet) };
}

/** Numbers that a double cannot hold become texts: nft prints what fits into 64 bits as a number, with a sign. */
function parseExactly(json: string): unknown {
  const exact = (_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined ? source : value;
  return JSON.parse(json, exact);
}

function nameOf(object: unknown): readonly string[] {
  const name = field(object, "name");
  return typeof name === "string" && field(object, "table") === TABLE ? [name] : [];
}

function parseSet(set: unknown): readonly Element[] {
  const [name] = nameOf(set);
  if (name === undefined || !isSetName(name)) return [];
  return arrayOf(field(set, "elem")).flatMap((entry) => parseElement(name, entry) ?? []);
}

function isSetName(name: string): name is SetName {
  return Object.hasOwn(elementSets, name);
}

/** An entry of a map is a pair of key and data; a key with a comment is wrapped in `{elem: {val, comment}}`. */
function parseElement(set: SetName, entry: unknown): Element | undefined {
  const types = elementSet(set);
  const [left, right] = types.data === undefined ? [entry] : arrayOf(entry);
  const wrapped = field(left, "elem");
  const key = parseParts(types.key, wrapped === undefined ? left : field(wrapped, "val"));
  const data = types.data === undefined ? [] : parseParts(types.data, right);
  if (key === undefined || data === undefined) return undefined;
  const comment = field(wrapped, "comment");
  const owner = typeof comment === "string" ? comment : "";
  return { set, key, owner, ...(types.data === undefined ? {} : { data: data as readonly DataPart[] }) };
}

function parseParts(types: readonly ComponentType[], value: unknown): readonly KeyPart[] | undefined {
  const values = types.length === 1 ? [value] : arrayOf(field(value, "concat"));
  const parts = types.flatMap((type, index) => parsePart(type, values[index]) ?? []);
  return parts.length === types.length ? parts : undefined;
}

function parsePart(type: ComponentType, value: unknown): KeyPart | undefined {
  switch (type) {
    case "inet_service":
      return parsePorts(value);
    case "devgroup":
      return typeof value === "number" ? value : undefined;
    case "inet_proto":
      // A number where the machine has no /etc/protocols.
      return typeof value === "number" ? protocolName(value) : stringOf(value);
    case "ipv4_subnet":
    case "ipv6_subnet":
      return parseSubnet(value);
    case "ipv4_addr":
    case "ipv6_addr":
      return typeof value === "string" ? addressOf(value) : undefined;
    case "ifname":
    case "ether_addr":
      return stringOf(value);
    case "nd_ether_addr":
    case "nd_ipv6_addr":
    case "vni":
      return fromRawNumber(type, value);
  }
}

/** nft writes a subnet of one address as that. */
function parseSubnet(value: unknown): string | undefined {
  const prefix = field(value, "prefix");
  const [address, length] = [stringOf(field(prefix, "addr")), field(prefix, "len")];
  if (address !== undefined) return canonicalCidr(`${address}/${length}`);
  return typeof value === "string" ? addressOf(value) : undefined;
}

/** Undefined for other things that nft writes in an address's place: a range, or a name. */
function addressOf(text: string): string | undefined {
  return ipaddr.isValid(withoutDots(text)) ? canonicalAddress(text) : undefined;
}

function parsePorts(value: unknown): KeyPart | undefined {
  if (typeof value === "number") return value;
  const [first, last] = arrayOf(field(value, "range"));
  return typeof first === "number" && typeof last === "number" ? { first, last } : undefined;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
