import type { WireguardPeer } from "../../api/cluster-resource.js";
import { Attributes } from "../netlink/attributes.js";
import { GENERIC_HEADER_LENGTH, genericHeader } from "../netlink/generic-family.js";
import type { NetlinkMessage } from "../netlink/message.js";
import { MessageBatch } from "../netlink/message-batch.js";
import { formatAddress, parseAddress } from "../rtnetlink/messages/ip-prefix.js";
import * as p from "./protocol.js";

/** What is set of the link itself. */
export interface DeviceSettings {
  readonly link: string;
  /** 32 octets. */
  readonly privateKey: Uint8Array;
  readonly port: number;
}

/** A peer as the kernel has it. */
export interface PeerState {
  /** `192.0.2.1:51820`, `[2001:db8::1]:51820`; absent where it is not known. */
  readonly endpoint?: string;
  /** Something came from it that only it can have encrypted, by which the kernel learns its endpoint. */
  readonly isHeard: boolean;
  /** CIDRs. */
  readonly allowed: readonly string[];
}

/** A link as the kernel has it. What it replies of private keys is not read. */
export interface DeviceState {
  /** Base64; absent where it has none. */
  readonly publicKey?: string;
  readonly port: number;
  /** By public key, base64. */
  readonly peers: ReadonlyMap<string, PeerState>;
}

/** `wg set LINK private-key … listen-port PORT`; peers stay. */
export function encodeDevice(batch: MessageBatch, family: number, { link, privateKey, port }: DeviceSettings): void {
  begin(batch, family, link).bytes(p.WGDEVICE_A_PRIVATE_KEY, privateKey).u16(p.WGDEVICE_A_LISTEN_PORT, port);
}

/** `wg set LINK peer KEY endpoint … allowed-ips …`, in the place of what the kernel knows of the peer. */
export function encodePeer(batch: MessageBatch, family: number, peer: WireguardPeer): void {
  const { link, publicKey, address, port, inner } = peer;
  encodePeers(batch, { family, link, publicKey }, () => {
    batch.u32(p.WGPEER_A_FLAGS, p.WGPEER_F_REPLACE_ALLOWEDIPS);
    batch.bytes(p.WGPEER_A_ENDPOINT, socketAddress(address, port));
    const bytes = parseAddress(inner);
    batch.nested(
      p.WGPEER_A_ALLOWEDIPS,
      () => {
        const fill = (): void => {
          batch.u16(p.WGALLOWEDIP_A_FAMILY, familyOf(bytes)).bytes(p.WGALLOWEDIP_A_IPADDR, bytes);
          batch.u8(p.WGALLOWEDIP_A_CIDR_MASK, bytes.length * 8);
        };
        batch.nested(0, fill, NESTED);
      },
      NESTED,
    );
  });
}

/** `wg set LINK peer KEY remove`; nothing happens where there is none. */
export function encodeNoPeer(
  batch: MessageBatch,
  family: number,
  { link, publicKey }: Pick<WireguardPeer, "link" | "publicKey">,
): void {
  encodePeers(batch, { family, link, publicKey }, () => {
    batch.u32(p.WGPEER_A_FLAGS, p.WGPEER_F_REMOVE_ME | p.WGPEER_F_UPDATE_ONLY);
  });
}

/** `wg show LINK`, to be dumped. */
export function encodeGetDevice(family: number, link: string): MessageBatch {
  return new MessageBatch()
    .begin(family, 0, genericHeader(p.WG_CMD_GET_DEVICE, p.WG_GENL_VERSION))
    .string(p.WGDEVICE_A_IFNAME, link);
}

/** Several messages of one dump: a peer with many addresses goes on in the next. */
export function decodeDevice(messages: readonly NetlinkMessage[]): DeviceState {
  const parts = messages.map(({ payload }) => Attributes.decode(payload, GENERIC_HEADER_LENGTH));
  const publicKey = parts.map((part) => part.bytes(p.WGDEVICE_A_PUBLIC_KEY)).find((key) => key !== undefined);
  const peers = new Map<string, PeerState>();
  for (const [, value] of parts.flatMap((part) => part.nested(p.WGDEVICE_A_PEERS).all())) {
    const peer = Attributes.decode(value);
    const key = peer.bytes(p.WGPEER_A_PUBLIC_KEY)?.toString("base64") ?? "";
    const known = peers.get(key);
    const { endpoint = endpointOf(peer.bytes(p.WGPEER_A_ENDPOINT)), allowed = [] } = known ?? {};
    const isHeard = known?.isHeard ?? peer.bytes(p.WGPEER_A_RX_BYTES)?.some((octet) => octet !== 0) ?? false;
    const more = peer
      .nested(p.WGPEER_A_ALLOWEDIPS)
      .all()
      .flatMap(([, one]) => cidrOf(Attributes.decode(one)));
    peers.set(key, { ...(endpoint === undefined ? {} : { endpoint }), isHeard, allowed: [...allowed, ...more] });
  }
  return {
    ...(publicKey === undefined ? {} : { publicKey: publicKey.toString("base64") }),
    port: parts.map((part) => part.u16(p.WGDEVICE_A_LISTEN_PORT)).find((port) => port !== undefined) ?? 0,
    peers,
  };
}

export function endpointText(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The tool of WireGuard marks what is nested, and a kernel may require it. */
const NESTED = { flagged: true } as const;

function begin(batch: MessageBatch, family: number, link: string): MessageBatch {
  const header = genericHeader(p.WG_CMD_SET_DEVICE, p.WG_GENL_VERSION);
  return batch.begin(family, 0, header).string(p.WGDEVICE_A_IFNAME, link);
}

/** A message for each peer: an attribute has 64 KiB at most, and a refusal is that of one peer. */
function encodePeers(
  batch: MessageBatch,
  { family, link, publicKey }: { readonly family: number; readonly link: string; readonly publicKey: string },
  fill: () => void,
): void {
  const peer = (): void => {
    batch.bytes(p.WGPEER_A_PUBLIC_KEY, Buffer.from(publicKey, "base64"));
    fill();
  };
  begin(batch, family, link).nested(p.WGDEVICE_A_PEERS, () => batch.nested(0, peer, NESTED), NESTED);
}

function familyOf(bytes: Uint8Array): number {
  return bytes.length === 4 ? p.AF_INET : p.AF_INET6;
}

/** `struct sockaddr_in` or `sockaddr_in6`: family in the CPU's byte order, port in the network's. */
function socketAddress(address: string, port: number): Buffer {
  const bytes = parseAddress(address);
  const isIPv4 = bytes.length === 4;
  const buffer = Buffer.alloc(isIPv4 ? p.SOCKADDR_IN_LENGTH : p.SOCKADDR_IN6_LENGTH);
  buffer.writeUInt16LE(familyOf(bytes), 0);
  buffer.writeUInt16BE(port, 2);
  buffer.set(bytes, isIPv4 ? p.SIN_ADDR_AT : p.SIN6_ADDR_AT);
  return buffer;
}

function endpointOf(value: Buffer | undefined): string | undefined {
  if (value === undefined || value.length < p.SOCKADDR_IN_LENGTH) return undefined;
  const port = value.readUInt16BE(2);
  if (value.readUInt16LE(0) === p.AF_INET)
    return endpointText(formatAddress(value.subarray(p.SIN_ADDR_AT, p.SIN_ADDR_AT + 4)), port);
  return value.length < p.SOCKADDR_IN6_LENGTH
    ? undefined
    : endpointText(formatAddress(value.subarray(p.SIN6_ADDR_AT, p.SIN6_ADDR_AT + 16)), port);
}

function cidrOf(allowed: Attributes): string | readonly [] {
  const bytes = allowed.bytes(p.WGALLOWEDIP_A_IPADDR);
  return bytes === undefined ? [] : `${formatAddress(bytes)}/${allowed.u8(p.WGALLOWEDIP_A_CIDR_MASK)}`;
}
