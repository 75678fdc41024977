import { parseAddress } from "../rtnetlink/messages/ip-prefix.js";
import { parseMac } from "../rtnetlink/messages/link.js";

/** <linux/if_ether.h>. */
const ETH_P_ARP = 0x0806;
const ETH_P_IPV6 = 0x86dd;
const BROADCAST = Buffer.alloc(6, 0xff);
/** `ff02::1`, all nodes on the link, and where its frames go (RFC 2464 §7). */
const ALL_NODES = Buffer.from("ff020000000000000000000000000001", "hex");
const ALL_NODES_MAC = Buffer.from("333300000001", "hex");
const IPPROTO_ICMPV6 = 58;
const NEIGHBOUR_ADVERTISEMENT = 136;
/** It replaces what is remembered, and replies to no solicitation (RFC 4861 §4.4). */
const OVERRIDE = 0x20;
const TARGET_LINK_LAYER_ADDRESS = 2;

/** The Ethernet frame that says to a whole link: this address is reached by this MAC address. */
export function announcementFrame(mac: string, address: string): Buffer {
  const bytes = parseAddress(address);
  return bytes.length === 4 ? gratuitousArp(parseMac(mac), bytes) : unsolicitedAdvertisement(parseMac(mac), bytes);
}

/** An ARP announcement: a request for one's own address (RFC 5227 §3), as arping -U and the kernel's arp_notify send. */
function gratuitousArp(mac: Buffer, address: Buffer): Buffer {
  const fixed = Buffer.from("0001080006040001", "hex");
  return Buffer.concat([ethernet(BROADCAST, mac, ETH_P_ARP), fixed, mac, address, Buffer.alloc(6), address]);
}

/** RFC 4861 §7.2.6. */
function unsolicitedAdvertisement(mac: Buffer, address: Buffer): Buffer {
  const message = Buffer.concat([
    Buffer.from([NEIGHBOUR_ADVERTISEMENT, 0, 0, 0, OVERRIDE, 0, 0, 0]),
    address,
    Buffer.from([TARGET_LINK_LAYER_ADDRESS, 1]),
    mac,
  ]);
  message.writeUInt16BE(checksum(address, ALL_NODES, message), 2);
  // Version 6, then length, next header, and the hop limit that shows that no router has passed it on.
  const header = Buffer.from([0x60, 0, 0, 0, 0, message.length, IPPROTO_ICMPV6, 255]);
  return Buffer.concat([ethernet(ALL_NODES_MAC, mac, ETH_P_IPV6), header, address, ALL_NODES, message]);
}

function ethernet(destination: Buffer, source: Buffer, type: number): Buffer {
  return Buffer.concat([destination, source, Buffer.from([type >> 8, type & 0xff])]);
}

/** Of ICMPv6, over a pseudo-header as well (RFC 8200 §8.1). */
function checksum(source: Buffer, destination: Buffer, message: Buffer): number {
  const pseudo = Buffer.from([0, 0, 0, message.length, 0, 0, 0, IPPROTO_ICMPV6]);
  const all = Buffer.concat([source, destination, pseudo, message]);
  let sum = 0;
  for (let at = 0; at < all.length; at += 2) sum += all.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
