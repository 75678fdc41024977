import ipaddr from "ipaddr.js";
import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { ForwardedPacket, PacketEffect, Protocol, Resource, Verdict } from "../../api/index.js";
import type { Crossing } from "./crossing.js";

/** The first packet of a connection, as it is at one point of its way. */
export interface Packet {
  readonly protocol: Protocol | "ping";
  /** Absent for that of another machine that is not known; a CIDR for anybody's on a network. */
  readonly source?: string;
  readonly destination: string;
  /** Absent for a ping. */
  readonly port?: number;
  /** A published port has led it elsewhere. */
  readonly translated?: true;
}

/** A hop as the model has it: words, and what must be in the kernel for them to be true. */
export interface Step {
  readonly place: string;
  /** See {@link Hop.netns}. */
  readonly netns?: string;
  readonly what: string;
  /** The packet goes no further without these. */
  readonly needs?: readonly Resource[];
  /** What the packet filter does, if anything. */
  readonly effect?: PacketEffect;
  /** The packet as chains of others are asked about it; absent where they are not. */
  readonly forwarded?: ForwardedPacket;
  /** Where it leaves for another host. */
  readonly crossing?: Crossing;
  /** Where the kernel must send it: by `link`, from the namespace at that path or the host. */
  readonly way?: { readonly address: string; readonly link: string; readonly netns?: string };
}

/** Where a packet comes out: who is there, in words, in which namespace, and at which port. */
export interface Socket {
  readonly server: string;
  readonly netns: string;
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

export interface Trace {
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
  /** Absent for what comes to no port of a namespace that tsd knows. */
  readonly socket?: Socket;
}

/** As chains of others are asked about it on its way from one link to another. */
export function forwardedPacket(
  { protocol, source, destination, port, translated }: Packet,
  way: Pick<ForwardedPacket, "from" | "to" | "bridged">,
): ForwardedPacket {
  const family = familyOf(destination);
  const ping = family === 4 ? "icmp" : "ipv6-icmp";
  return {
    ...way,
    family,
    state: "new",
    translated: translated === true,
    protocol: protocol === "ping" ? ping : protocol,
    destination,
    ...(source === undefined ? {} : { source }),
    ...(port === undefined ? {} : { port }),
  };
}

/** False for an address of the other family. */
export function isIn(address: string, cidr: string): boolean {
  if (familyOf(address) !== familyOf(cidr)) return false;
  const [base, length] = ipaddr.parseCIDR(cidr);
  return ipaddr.parse(withoutPrefix(address)).match(base, length);
}

export function isLoopback(address: string): boolean {
  return address === "::1" || isIn(address, "127.0.0.0/8");
}

/** `10.10.10.2:80`, `[fd00::2]:80`; the address alone for a ping. */
export function socketText({ destination, port }: Pick<Packet, "destination" | "port">): string {
  if (port === undefined) return destination;
  return `${familyOf(destination) === 6 ? `[${destination}]` : destination}:${port}`;
}
