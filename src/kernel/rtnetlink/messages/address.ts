import { Attributes } from "../../netlink/attributes.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NLM_F_CREATE, NLM_F_EXCL } from "../../netlink/protocol.js";
import type { IpPrefix } from "./ip-prefix.js";
import * as p from "./protocol.js";

/** An address as the kernel has it. */
export interface AddressState extends IpPrefix {
  /** Index of its link. */
  readonly link: number;
  /** RT_SCOPE_UNIVERSE for an address that is valid everywhere. */
  readonly scope: number;
  /** True for one that {@link encodeNewAddress} made. */
  readonly own: boolean;
}

/** `struct ifaddrmsg`: family u8, prefix length u8, flags u8, scope u8, index u32. */
const HEADER_LENGTH = 8;

/** `ip address add PREFIX dev LINK`, with `nodad` for IPv6; EEXIST where the link has it. */
export function encodeNewAddress(batch: MessageBatch, link: number, prefix: IpPrefix): void {
  const flags = prefix.family === p.AF_INET6 ? p.IFA_F_NODAD : 0;
  batch.begin(p.RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, addressHeader(link, prefix, flags));
  encodeAttributes(batch, prefix);
  batch.u8(p.IFA_PROTO, p.RTPROT_TSD);
}

/** `ip address delete PREFIX dev LINK`; EADDRNOTAVAIL if the link does not have it. */
export function encodeDeleteAddress(batch: MessageBatch, link: number, prefix: IpPrefix): void {
  batch.begin(p.RTM_DELADDR, 0, addressHeader(link, prefix, 0));
  encodeAttributes(batch, prefix);
}

/** Undefined for a message that is too short or names no address. */
export function decodeAddress({ payload }: NetlinkMessage): AddressState | undefined {
  if (payload.length < HEADER_LENGTH) return undefined;
  const attributes = Attributes.decode(payload, HEADER_LENGTH);
  // On a point-to-point link IFA_ADDRESS is the other side's.
  const bytes = attributes.bytes(p.IFA_LOCAL) ?? attributes.bytes(p.IFA_ADDRESS);
  const family = payload.readUInt8(0);
  if (bytes === undefined || (family !== p.AF_INET && family !== p.AF_INET6)) return undefined;
  return {
    family,
    bytes,
    length: payload.readUInt8(1),
    scope: payload.readUInt8(3),
    link: payload.readUInt32LE(4),
    own: attributes.u8(p.IFA_PROTO) === p.RTPROT_TSD,
  };
}

/** Every address of the namespace, of both families or of one. */
export function listAddresses(socket: NetlinkSocket, family = 0): readonly AddressState[] {
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = family;
  const batch = new MessageBatch().begin(p.RTM_GETADDR, 0, header);
  return socket.dump(batch, "addresses").flatMap((message) => decodeAddress(message) ?? []);
}

function addressHeader(link: number, prefix: IpPrefix, flags: number): Buffer {
  const header = Buffer.from([prefix.family, prefix.length, flags, p.RT_SCOPE_UNIVERSE, 0, 0, 0, 0]);
  header.writeUInt32LE(link, 4);
  return header;
}

function encodeAttributes(batch: MessageBatch, { family, bytes }: IpPrefix): void {
  if (family === p.AF_INET) batch.bytes(p.IFA_LOCAL, bytes);
  batch.bytes(p.IFA_ADDRESS, bytes);
}
