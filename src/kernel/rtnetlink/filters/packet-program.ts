/** One instruction of classic BPF: `struct sock_filter` of <linux/filter.h>. */
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/** A program over one frame, for a filter on a link; see bpf(4) of FreeBSD and tc-bpf(8). */
export type PacketProgram = readonly Instruction[];

/** Codes of <linux/bpf_common.h>: what is loaded goes to the accumulator, offsets count from the destination address. */
const LOAD_WORD = 0x20;
const LOAD_HALF = 0x28;
const LOAD_BYTE = 0x30;
const IF_EQUAL = 0x15;
const IF_ANY_BIT = 0x45;
const ANSWER = 0x06;

/** In place of an offset, what the kernel knows of the frame: SKF_AD_OFF + SKF_AD_PROTOCOL and SKF_AD_VLAN_TAG. */
const PROTOCOL = 0xffff_f000;
const VLAN_TAG = 0xffff_f02c;
const VLAN_ID = 0xfff;

/** <linux/if_ether.h>. */
const ETH_P_IP = 0x0800;
const ETH_P_8021Q = 0x8100;
const ETH_P_8021AD = 0x88a8;
const ETH_P_IPV6 = 0x86dd;

/** Offsets in a frame without tags, which the kernel has taken off: of the two addresses of IPv4. */
const IP_SOURCE = 14 + 12;
const IP_DESTINATION = 14 + 16;
const LOOPBACK_NET = 127;
/** Of IPv6, and of ICMPv6 where it comes first; RFC 8200, RFC 4443. */
const IPV6_NEXT_HEADER = 14 + 6;
const IPV6_HOP_LIMIT = 14 + 7;
const IPV6_SOURCE = 14 + 8;
const ICMPV6_TYPE = 14 + 40;
const IPPROTO_ICMPV6 = 58;
const ROUTER_ADVERTISEMENT = 134;
const REDIRECT = 137;
/** What else may come before ICMPv6: options by hop, routing, fragment, authentication, destination options. */
const [HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS] = [0, 43, 44, 51, 60] as const;
/** Neighbour discovery that came from further away is ignored (RFC 4861 §6.1.2, §8.1). */
const ON_LINK = 255;

/** <linux/pkt_cls.h>: TC_ACT_SHOT, and TC_ACT_UNSPEC, which leaves the frame to the next filter. */
const DROP: Instruction = [ANSWER, 0, 0, 2];
const PASS: Instruction = [ANSWER, 0, 0, 0xffff_ffff];

/** Where a check goes on: so many instructions further, or with its verdict, which is for the next check to give if not `drop`. */
type Target = number | "drop" | "next";
type Check = readonly (readonly [code: number, ifTrue: Target, ifFalse: Target, operand: number])[];

/**
 * What is sent to 01:80:c2:00:00:00 … 0f. Most of it never comes to the bridge: its port hands it to the host, past each packet
 * filter of bridges (IEEE 802.1D §7.12.6, br_handle_frame).
 */
export const linkLocalGroups: Check = [
  [LOAD_WORD, 0, 0, 0],
  [IF_EQUAL, 0, "next", 0x0180_c200],
  [LOAD_HALF, 0, 0, 4],
  [IF_ANY_BIT, "next", "drop", 0xfff0],
];

/**
 * IPv4 from and to 127.0.0.0/8. A frame too short to have the address ends the program, and then IP has no use for it either.
 * The kernel takes off one tag before a filter sees the frame, and more behind it where the VLAN is 0: two are dropped there.
 */
export const loopback: Check = [
  [LOAD_WORD, 0, 0, PROTOCOL],
  [IF_EQUAL, 4, 0, ETH_P_IP],
  [IF_EQUAL, 1, 0, ETH_P_8021Q],
  [IF_EQUAL, 0, "next", ETH_P_8021AD],
  [LOAD_WORD, 0, 0, VLAN_TAG],
  [IF_ANY_BIT, "next", "drop", VLAN_ID],
  [LOAD_BYTE, 0, 0, IP_SOURCE],
  [IF_EQUAL, "drop", 0, LOOPBACK_NET],
  [LOAD_BYTE, 0, 0, IP_DESTINATION],
  [IF_EQUAL, "drop", "next", LOOPBACK_NET],
];

/**
 * IPv6 from ::ffff:0:0/96. A socket for both families takes the sender for one of IPv4, of 127.0.0.1 say, and the kernel lets
 * datagrams from there in; on the wire there is no such address (RFC 4291 §2.5.5.2, RFC 4942 §2.2).
 */
export const mappedSources: Check = [
  [LOAD_WORD, 0, 0, PROTOCOL],
  [IF_EQUAL, 0, "next", ETH_P_IPV6],
  [LOAD_WORD, 0, 0, IPV6_SOURCE],
  [IF_EQUAL, 0, "next", 0],
  [LOAD_WORD, 0, 0, IPV6_SOURCE + 4],
  [IF_EQUAL, 0, "next", 0],
  [LOAD_WORD, 0, 0, IPV6_SOURCE + 8],
  [IF_EQUAL, "drop", "next", 0xffff],
];

/** What {@link VethLink.routerless} names. */
export const routers: Check = [
  [LOAD_WORD, 0, 0, PROTOCOL],
  [IF_EQUAL, "drop", 0, ETH_P_8021Q],
  [IF_EQUAL, "drop", 0, ETH_P_8021AD],
  [IF_EQUAL, 0, "next", ETH_P_IPV6],
  [LOAD_BYTE, 0, 0, IPV6_HOP_LIMIT],
  [IF_EQUAL, 0, "next", ON_LINK],
  [LOAD_BYTE, 0, 0, IPV6_NEXT_HEADER],
  [IF_EQUAL, 5, 0, IPPROTO_ICMPV6],
  [IF_EQUAL, "drop", 0, HOP_BY_HOP],
  [IF_EQUAL, "drop", 0, ROUTING],
  [IF_EQUAL, "drop", 0, FRAGMENT],
  [IF_EQUAL, "drop", 0, AUTHENTICATION],
  [IF_EQUAL, "drop", "next", DESTINATION_OPTIONS],
  [LOAD_BYTE, 0, 0, ICMPV6_TYPE],
  [IF_EQUAL, "drop", 0, ROUTER_ADVERTISEMENT],
  [IF_EQUAL, "drop", "next", REDIRECT],
];

/** Drops what one of `checks` finds, and passes the rest. */
export function dropping(...checks: readonly Check[]): PacketProgram {
  const last = checks.flat().length;
  let end = 0;
  const resolved = checks.flatMap((check) => {
    const begin = end;
    end += check.length;
    return check.map(([code, ifTrue, ifFalse, operand], index): Instruction => {
      const offset = (target: Target): number => {
        if (typeof target === "number") return target;
        return (target === "drop" ? last + 1 : begin + check.length) - (begin + index + 1);
      };
      return [code, offset(ifTrue), offset(ifFalse), operand];
    });
  });
  return [...resolved, PASS, DROP];
}

/** An array of `struct sock_filter`: code u16, jt u8, jf u8, k u32. */
export function encodeProgram(program: PacketProgram): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, operand]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand, index * 8 + 4);
  }
  return bytes;
}

/** As `tc filter … bytecode` takes it. */
export function programText(program: PacketProgram): string {
  return [program.length, ...program.map((instruction) => instruction.join(" "))].join(",");
}
