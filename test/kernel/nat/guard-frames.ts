import { arp, ethernet, fragment, ipv4, ipv6, linkLayerOption, neighbour, padding } from "../../support/lab/frames.js";

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
/** The same behind other headers, the first of which is `first`. */
const behind6 = (extension: string, body: string, first = 60) =>
  ethernet(own.mac, nodes6, IPV6, ipv6(own.ip6, group6, { extension, first, body }));
const FRAGMENT = 44;
const HOP_BY_HOP = 0;
const DESTINATION_OPTIONS = 60;
const ICMPV6 = 58;
const UDP = 17;
const whole = { isLast: true };
const part = { isLast: false };
/**
 * An advertisement of its own address that states another's MAC address in some option; `mark` distinguishes it from others.
 */
const advert = (mark: string, ...options: readonly string[]) => neighbour(ADVERT, own.ip6, options.join(""), mark);
const ownMac = linkLayerOption(2, own.mac);
const otherMac = linkLayerOption(2, other.mac);

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
  "a datagram over IPv6": behind6("", "0009000900100000d0d0d0d0d0d0d0d0", UDP),
  "the first fragment of an echo request": behind6(
    fragment(ICMPV6, 0, part),
    "80000000000200010202020202020202",
    FRAGMENT,
  ),
  "the last fragment of an echo request": behind6(
    fragment(ICMPV6, 16, whole),
    "03030303000300030303030303030303",
    FRAGMENT,
  ),
  "the last fragment of a datagram": behind6(fragment(UDP, 16, whole), "04040404000404040404040404040404", FRAGMENT),
  "an echo request behind destination options": behind6(padding, "80000000000500050505050505050505"),
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
  "an advertisement whose second option is another's": to6(
    own.ip6,
    advert("61", linkLayerOption(1, own.mac), otherMac),
  ),
  "a solicitation whose second option is another's": to6(
    own.ip6,
    neighbour(SOLICIT, other.ip6, `${ownMac}${linkLayerOption(1, other.mac)}`),
  ),
  "an advertisement whose second option of its kind is another's": to6(own.ip6, advert("62", ownMac, otherMac)),
  "an advertisement whose third option is another's": to6(
    own.ip6,
    advert("63", linkLayerOption(1, own.mac), "0e01010203040506", otherMac),
  ),
  "an advertisement whose nonce hides another's": to6(own.ip6, advert("64", "0e01010203040506", otherMac)),
  "an advertisement of an option of 16 bytes": to6(own.ip6, advert("65", `0202${otherMac.slice(4)}0000000000000000`)),
  "an advertisement of an option of no bytes": to6(own.ip6, advert("66", `0200${otherMac.slice(4)}`)),
  "an advertisement of half an option": to6(own.ip6, advert("67", otherMac.slice(0, 12))),
  "an advertisement whose own option has a tail": to6(own.ip6, advert("68", ownMac, otherMac.slice(4))),
  "an advertisement of another's behind destination options": behind6(padding, advert("69", otherMac)),
  "an advertisement of another's behind hop-by-hop options": behind6(padding, advert("6a", otherMac), HOP_BY_HOP),
  "an advertisement of another's behind two headers": behind6(`3c00010400000000${padding}`, advert("6b", otherMac)),
  "an advertisement of another's in one fragment": behind6(
    fragment(ICMPV6, 0, whole),
    advert("6c", otherMac),
    FRAGMENT,
  ),
  "an advertisement in a first fragment": behind6(fragment(ICMPV6, 0, part), advert("6d"), FRAGMENT),
  "a first fragment that hides what it is": behind6(
    `${fragment(DESTINATION_OPTIONS, 0, part)}${padding}`,
    "",
    FRAGMENT,
  ),
  "a second fragment that is all of an advertisement": behind6(
    fragment(DESTINATION_OPTIONS, 8, whole),
    advert("6e", otherMac),
    FRAGMENT,
  ),
  "a first fragment without a byte of ICMPv6": behind6(fragment(ICMPV6, 0, part), "", FRAGMENT),
  "a router's advertisement in one fragment": behind6(
    fragment(ICMPV6, 0, whole),
    "860000004000070800000000000000006f02030405060708",
    FRAGMENT,
  ),
  "a router's advertisement behind hop-by-hop options": behind6(
    padding,
    "8600000040000708000000000000000070020304050607ff",
    HOP_BY_HOP,
  ),
  "duplicate address detection with another's MAC address": to6(
    "::",
    neighbour(SOLICIT, own.ip6, linkLayerOption(1, other.mac), "71"),
  ),
  "duplicate address detection in one fragment": ethernet(
    own.mac,
    nodes6,
    IPV6,
    ipv6("::", group6, {
      extension: fragment(ICMPV6, 0, whole),
      first: FRAGMENT,
      body: neighbour(SOLICIT, own.ip6, "", "72"),
    }),
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
