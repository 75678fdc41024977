import { arp, ethernet, ipv4, ipv6, linkLayerOption, neighbour, padding } from "../../support/lab/frames.js";

/** Who is who behind the bridge: `own` sends, `other` listens. */
export const own = { mac: "02:42:0a:0a:0a:02", ip4: "10.10.10.2", ip6: "fd00:a::2", local: "fe80::42:aff:fe0a:a02" };
export const other = { mac: "02:42:0a:0a:0a:03", ip4: "10.10.10.3", ip6: "fd00:a::3", local: "fe80::42:aff:fe0a:a03" };

/** Not to `other` alone, since the bridge may have learnt from a forged frame that it is elsewhere. */
const everybody = "ff:ff:ff:ff:ff:ff";
const nodes6 = "33:33:00:00:00:01";
const group6 = "ff02::1";

/** <linux/if_ether.h> */
const IP = "0800";
const ARP = "0806";
const IPV6 = "86dd";

/** ICMPv6, RFC 4861 and 3810. */
const SOLICIT = 135;
const ADVERT = 136;

const to4 = (source: string, mark: number) => ipv4(source, other.ip4, mark);
const to6 = (source: string, body: string) => ethernet(own.mac, nodes6, IPV6, ipv6(source, group6, { body }));

/** What a guarded endpoint may say. */
export const honestFrames: Readonly<Record<string, string>> = {
  "its own IPv4": ethernet(own.mac, everybody, IP, to4(own.ip4, 1)),
  "its own question by ARP": ethernet(own.mac, everybody, ARP, arp(1, [own.mac, own.ip4], other.ip4)),
  "its own answer by ARP": ethernet(own.mac, everybody, ARP, arp(2, [own.mac, own.ip4], other.ip4)),
  "an echo request over IPv6": to6(own.ip6, "8000000000010001"),
  "an echo request from its link-local address": to6(own.local, "8000000000010002"),
  "a solicitation": to6(own.ip6, neighbour(SOLICIT, other.ip6, linkLayerOption(1, own.mac))),
  "a solicitation without options": to6(own.local, neighbour(SOLICIT, other.ip6)),
  "an advertisement": to6(own.ip6, neighbour(ADVERT, own.ip6, linkLayerOption(2, own.mac), "20")),
  "an advertisement without options": to6(own.local, neighbour(ADVERT, own.local, "", "40")),
  "duplicate address detection": to6("::", neighbour(SOLICIT, own.ip6)),
  "duplicate address detection with a nonce": to6("::", neighbour(SOLICIT, own.local, "0e01010203040506")),
  "a report of its groups before it has an address": to6(
    "::",
    "8f0000000000000104000000ff0200000000000000000001ff0a0a02",
  ),
};

/** What it may not. */
export const forgedFrames: Readonly<Record<string, string>> = {
  "another's MAC address": ethernet(other.mac, everybody, IP, to4(own.ip4, 3)),
  "another's IPv4 source": ethernet(own.mac, everybody, IP, to4("10.10.10.1", 4)),
  "an IPv4 source of the outside": ethernet(own.mac, everybody, IP, to4("192.0.2.9", 5)),
  "no IPv4 source": ethernet(own.mac, everybody, IP, to4("0.0.0.0", 6)),
  "an answer by ARP for the gateway": ethernet(own.mac, everybody, ARP, arp(2, [own.mac, "10.10.10.1"], other.ip4)),
  "a question by ARP as the gateway": ethernet(own.mac, everybody, ARP, arp(1, [own.mac, "10.10.10.1"], other.ip4)),
  "an answer by ARP with another's MAC address": ethernet(
    own.mac,
    everybody,
    ARP,
    arp(2, [other.mac, own.ip4], other.ip4),
  ),
  "reverse ARP": ethernet(own.mac, everybody, "8035", arp(1, [own.mac, own.ip4], own.ip4)),
  "another's IPv6 source": to6("fd00:a::1", "8000000000010003"),
  "the gateway's link-local source": to6("fe80::1", "8000000000010004"),
  "an echo request without source": to6("::", "8000000000010005"),
  "an advertisement for the gateway": to6(own.ip6, neighbour(ADVERT, "fd00:a::1", linkLayerOption(2, own.mac), "20")),
  "an advertisement for the gateway, without options": to6(own.ip6, neighbour(ADVERT, "fd00:a::1", "", "20")),
  "an advertisement of another's MAC address": to6(own.ip6, neighbour(ADVERT, own.ip6, linkLayerOption(2, other.mac))),
  "a solicitation with another's MAC address": to6(
    own.ip6,
    neighbour(SOLICIT, other.ip6, linkLayerOption(1, other.mac)),
  ),
  "a solicitation whose nonce hides another's MAC address": to6(
    own.ip6,
    neighbour(SOLICIT, other.ip6, `0e01${own.mac.replaceAll(":", "")}${linkLayerOption(1, other.mac)}`),
  ),
  "duplicate address detection for another": to6("::", neighbour(SOLICIT, other.ip6)),
  "an advertisement behind destination options": ethernet(
    own.mac,
    nodes6,
    IPV6,
    ipv6(own.ip6, group6, { extension: padding, body: neighbour(ADVERT, "fe80::1", linkLayerOption(2, own.mac)) }),
  ),
  "a router's advertisement": to6(own.local, "860000004000070800000000000000000101020304050607"),
  "a redirect": to6(own.local, `${neighbour(137, own.local)}fd00000a000000000000000000000009`),
  "another's IPv4 source under VLAN 0": ethernet(own.mac, everybody, `81000000${IP}`, to4("10.10.10.1", 7)),
  "another's IPv4 source under two tags": ethernet(own.mac, everybody, `8100000081000000${IP}`, to4("10.10.10.1", 8)),
  "another protocol": ethernet(own.mac, everybody, "88b5", "0".repeat(92)),
};

/** What ends a listening. */
export const END = "e0d0e0d0e0d0e0d0";
export const endFrame = ethernet(own.mac, everybody, IP, to4(own.ip4, 0xe0d0));

/** The end of a frame, by which it is known after VLAN tags went. */
export function tail(frame: string): string {
  return frame.slice(-56);
}
