import type { LinkBase, LinkTypes, ResourceKinds } from "../../api/index.js";
import {
  address,
  cidr,
  type Field,
  type Fields,
  flag,
  id,
  interfaceName,
  listOf,
  macAddress,
  oneOf,
  optional,
  parameter,
  path,
  record,
  wholeNumber,
  words,
} from "./field.js";

/** Kinds of tsd's own that a driver may list. Those that have paths are tsd's: a driver has no place for files. */
type ListedKind =
  | "address"
  | "route"
  | "neighbour"
  | "fdb"
  | "sysctl"
  | "localnet"
  | "passage"
  | "announcement"
  | "masquerade"
  | "isolate"
  | "publish"
  | "allow"
  | "guard";

/** Each field of a type has its check here. */
type FieldsOf<T> = { readonly [K in Exclude<keyof T, "kind" | "type">]-?: Field };

const netns = optional(path);
const port = wholeNumber(1, 65_535);
const count = wholeNumber(1, 65_535);
const protocol = oneOf("tcp", "udp", "sctp");
const group = optional(wholeNumber(1, 2_147_483_647));
const intent = { owner: id, bridge: interfaceName };

/** Whether a link is handed over is no driver's to say. */
export const linkFields: FieldsOf<Omit<LinkBase, "handedOver">> = {
  netns,
  name: interfaceName,
  mac: optional(macAddress),
  mtu: optional(wholeNumber(68, 65_535)),
  master: optional(interfaceName),
};

const peer = record({ netns, name: interfaceName, mac: optional(macAddress) }, "the other end: netns, name and mac");

/** What links of tsd's own types have beside {@link linkFields}. */
export const fieldsByLinkType: {
  readonly [T in "bridge" | "veth" | "vxlan" | "loopback"]: FieldsOf<Omit<LinkTypes[T], keyof LinkBase>>;
} = {
  bridge: {},
  veth: {
    hairpin: optional(flag),
    isolated: optional(flag),
    routerless: optional(flag),
    proxied: optional(flag),
    group,
    peer,
  },
  vxlan: {
    vni: wholeNumber(1, 16_777_215),
    local: address,
    parent: optional(interfaceName),
    port,
    isolated: optional(flag),
  },
  loopback: {},
};

const chain = record(
  {
    tool: oneOf("nft", "iptables-legacy"),
    family: oneOf("inet", "ip", "ip6", "bridge"),
    table: words,
    name: words,
  },
  "a chain of the network's passages",
);

export const fieldsByKind: { readonly [K in ListedKind]: FieldsOf<ResourceKinds[K]> } = {
  address: { netns, link: interfaceName, address: cidr },
  route: {
    netns,
    destination: cidr,
    gateway: optional(address),
    onlink: optional(flag),
    source: optional(address),
    link: interfaceName,
    metric: optional(wholeNumber(0, 4_294_967_295)),
  },
  neighbour: { netns, link: interfaceName, address, mac: macAddress },
  fdb: {
    netns,
    link: interfaceName,
    mac: macAddress,
    remote: address,
    via: optional(interfaceName),
    bridged: optional(flag),
  },
  sysctl: {
    netns,
    key: parameter,
    value: words,
    restore: optional(words),
    unless: optional(record({ key: parameter, value: words }, "a key and a value")),
  },
  localnet: {
    link: interfaceName,
    foreignPorts: optional(flag),
    restore: optional(words),
    keepsQdisc: optional(flag),
  },
  passage: { owner: id, bridge: interfaceName, subnets: listOf(cidr), chain },
  announcement: {
    netns,
    link: interfaceName,
    mac: macAddress,
    addresses: listOf(address),
    port: interfaceName,
    times: wholeNumber(0, 3),
    interval: wholeNumber(0, 2000),
  },
  masquerade: { ...intent, subnet: cidr, address: optional(address), group },
  isolate: {
    ...intent,
    trunk: optional(interfaceName),
    inlet: optional(record({ link: interfaceName, addresses: listOf(address) }, "a link and addresses")),
    remote: optional(record({ link: interfaceName, subnets: listOf(cidr) }, "a link and subnets")),
    group,
    apart: optional(flag),
    only: optional(oneOf("apart")),
    internal: optional(flag),
    open: optional(flag),
    pingable: optional(flag),
    guarded: optional(flag),
  },
  publish: {
    ...intent,
    protocol,
    hostAddress: optional(address),
    hostPort: port,
    containerAddress: address,
    containerPort: port,
    count,
  },
  allow: { ...intent, protocol, address, port, count, from: optional(address) },
  guard: { ...intent, link: interfaceName, mac: macAddress, addresses: listOf(address), shared: optional(flag) },
};

/** Kinds of tsd's own that only tsd lists. */
export const reservedKinds: readonly string[] = [
  "membership",
  "wireguard",
  "wireguard peer",
  "segment",
  "member",
  "netns",
  "directory",
  "file",
  "overlay",
  "tmpfs",
  "volume",
  "volume part",
];

export function fieldsOfKind(kind: string): Fields | undefined {
  return Object.hasOwn(fieldsByKind, kind) ? (fieldsByKind as Readonly<Record<string, Fields>>)[kind] : undefined;
}

export function fieldsOfLinkType(type: string): Fields | undefined {
  return Object.hasOwn(fieldsByLinkType, type)
    ? (fieldsByLinkType as Readonly<Record<string, Fields>>)[type]
    : undefined;
}
