import { isIP } from "node:net";
import type { WireguardEnd } from "../../api/index.js";
import type { ClusterVersion, EndpointRecord, HostRecord, MemberRecord, NetworkRecord } from "../../contracts/index.js";
import {
  type Field,
  member,
  optional,
  readFlag,
  readInteger,
  readList,
  readTexts,
  readWord,
} from "../../contracts/json-field.js";
import { formatAddress, readAddress } from "../../ipam/address.js";
import { formatCidr, readCidr } from "../../ipam/cidr.js";

/** Of a host, a network or a container, as a key has it. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,252}$/;
/** 32 octets in the one form that base64 has for them: two texts would be two hosts with one key. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
/** Of what a network calls an endpoint; more are not read. */
export const MOST_NAMES = 256;
/** Name servers of a network: each that does not reply costs a container time. */
const MOST_SERVERS = 32;

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** An address in the one form that tsd writes. */
export function isAddress(text: string): boolean {
  const address = readAddress(text);
  return address !== undefined && formatAddress(address) === text;
}

/** A subnet in the one form that tsd writes. */
export function isSubnet(text: string): boolean {
  const parsed = readCidr(text);
  return parsed !== undefined && formatCidr(parsed.cidr) === text;
}

/** Of the records that this tsd reads and writes. */
export const RECORDS_VERSION = 2;

export function readVersion(field: Field): ClusterVersion {
  const version = readInteger(member(field, "version"), 1, Number.MAX_SAFE_INTEGER);
  // What else another version has there is not known.
  return { version, id: version === RECORDS_VERSION ? readId(member(field, "id")) : "" };
}

export function readHostRecord(field: Field): HostRecord {
  return {
    address: readHostAddress(member(field, "address")),
    epoch: readId(member(field, "epoch")),
    joined: readTime(member(field, "joined")),
    version: readWord(member(field, "version"), "a version", (text) => /^[\w.+-]{1,64}$/.test(text)),
    ...(optional(member(field, "leaving"), readFlag) ? { leaving: true } : {}),
  };
}

export function readNetworkRecord(field: Field): NetworkRecord {
  return {
    id: readHex(member(field, "id")),
    vni: readInteger(member(field, "vni"), 1, 0xff_ff_ff),
    created: readTime(member(field, "created")),
    driver: readWord(member(field, "driver"), "the name of a driver", isName),
    subnets: readList(member(field, "subnets"), readNetworkSubnet),
    options: readTexts(member(field, "options")),
    labels: readTexts(member(field, "labels")),
    ...(optional(member(field, "internal"), readFlag) ? { internal: true } : {}),
    ...readDns(field),
  };
}

/** A network without the resolver has no name servers that it would ask. */
function readDns(field: Field): Pick<NetworkRecord, "dns" | "disableDns"> {
  const dns = optional(member(field, "dns"), (list) => readList(list, readServer))?.slice(0, MOST_SERVERS);
  if (!optional(member(field, "disableDns"), readFlag)) return dns === undefined ? {} : { dns };
  if (dns === undefined || dns.length === 0) return { disableDns: true };
  throw field.refuse(`${field.path} has name servers, and disableDns`, field.path);
}

export function readMember(field: Field): MemberRecord {
  const wireguard = optional(member(field, "wireguard"), readWireguard);
  return {
    address: readHostAddress(member(field, "address")),
    mac: readMac(member(field, "mac")),
    epoch: readId(member(field, "epoch")),
    isUsed: readFlag(member(field, "isUsed")),
    ...(wireguard === undefined ? {} : { wireguard }),
  };
}

export function readEndpoint(field: Field): EndpointRecord {
  const names = readList(member(field, "names"), readName);
  return {
    host: readName(member(field, "host")),
    mac: readMac(member(field, "mac")),
    addresses: readList(member(field, "addresses"), readHostAddress),
    names: names.slice(0, MOST_NAMES),
  };
}

export function readName(field: Field): string {
  return readWord(field, "a name", isName);
}

export function isHexId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function readNetworkSubnet(field: Field): NetworkRecord["subnets"][number] {
  const cidr = readWord(member(field, "cidr"), "a subnet", isSubnet);
  const { prefix = 0, family } = readCidr(cidr)?.cidr ?? {};
  return {
    cidr,
    gateway: readHostAddress(member(field, "gateway")),
    blockPrefix: readInteger(member(field, "blockPrefix"), prefix, family === 6 ? 128 : 32),
  };
}

/** In any form that `--dns` accepts, but for a zone, which is a link of one host. */
function readServer(field: Field): string {
  return readWord(field, "an IP address without a zone", (text) => isIP(text) !== 0 && !text.includes("%"));
}

function readHostAddress(field: Field): string {
  return readWord(field, "an IP address", isAddress);
}

/** A unicast one, in lower case. */
function readMac(field: Field): string {
  return readWord(field, "a MAC address", (text) => /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(text));
}

function readHex(field: Field): string {
  return readWord(field, "64 hexadecimal digits", isHexId);
}

function readId(field: Field): string {
  return readWord(field, "an id", (text) => /^[\w-]{1,128}$/.test(text));
}

function readTime(field: Field): string {
  return readWord(field, "a time", (text) => text.length <= 40 && !Number.isNaN(Date.parse(text)));
}

function readWireguard(field: Field): WireguardEnd {
  return {
    publicKey: readWord(member(field, "publicKey"), "a key", (text) => KEY.test(text)),
    port: readInteger(member(field, "port"), 1, 65_535),
  };
}
