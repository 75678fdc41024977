import type { Chain } from "./chain.js";
import { rawExpression } from "./raw-payload.js";

/** The type of an option of neighbour discovery, and that it is eight bytes long (RFC 4861 §4.6). */
const OPTION = "@th,192,16";
const LINK_LAYER_ADDRESS = "{ 0x0101, 0x0201 }";
const NONCE = "0x0e01";
/** Bits of a fragment's offset, where its header is the first after that of IPv6 (RFC 8200 §4.5). */
const FRAGMENT_OFFSET = "@nh,336,16 & 0xfff8";

/**
 * The chains of the table of family `bridge`, those that others jump to first. They see a frame before the bridge learns
 * from it where its sender is, and before br_netfilter shows it to any table of IP. Whatever is not accepted is dropped, and
 * so is what cannot be read: a rule whose bytes a packet does not have says nothing.
 */
export function guardChains(): readonly Chain[] {
  const target = rawExpression("nd_ipv6_addr");
  const option = rawExpression("nd_ether_addr");
  return [
    { name: "arp_sender", rules: ["iifname . arp saddr ether . arp saddr ip @guard_arp accept", "drop"] },
    {
      // Which of several options counts is for each receiver to say, so there is one at most, eight bytes long: of 24 or 32
      // bytes in all, with nothing in front, neither another header nor that of a fragment (RFC 6980).
      name: "neighbour",
      rules: [
        "ip6 nexthdr != icmpv6 drop",
        `icmpv6 type nd-neighbor-advert iifname . ${target} != @guard_target drop`,
        "iifname . ip6 saddr != @guard6 drop",
        "ip6 length 24 accept",
        "ip6 length != 32 drop",
        `${OPTION} ${LINK_LAYER_ADDRESS} iifname . ${option} @guard_option accept`,
        "drop",
      ],
    },
    {
      // An address that is still being tested is no source yet (RFC 4862 §5.4.2); that of another must not be contested. The
      // option distinguishes a test from its own echo (RFC 7527).
      name: "unspecified",
      rules: [
        "icmpv6 type { mld-listener-report, mld2-listener-report } accept",
        "ip6 nexthdr != icmpv6 drop",
        `icmpv6 type != nd-neighbor-solicit drop`,
        `iifname . ${target} != @guard_target drop`,
        "ip6 length 24 accept",
        `ip6 length 32 ${OPTION} ${NONCE} accept`,
        "drop",
      ],
    },
    {
      // The type is in the first fragment, and the offset distinguishes what follows from a first one that hides it.
      name: "message6",
      rules: [
        "icmpv6 type { nd-router-solicit, nd-router-advert, nd-redirect } drop",
        "ip6 saddr :: goto unspecified",
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } goto neighbour",
        "iifname . ip6 saddr != @guard6 drop",
        "icmpv6 type 0-255 accept",
        `ip6 nexthdr ipv6-frag ${FRAGMENT_OFFSET} != 0 accept`,
        "drop",
      ],
    },
    {
      // A packet whose headers do not lead to a protocol has none for these rules.
      name: "ipv6_source",
      rules: ["meta l4proto icmpv6 goto message6", "meta l4proto != icmpv6 iifname . ip6 saddr @guard6 accept", "drop"],
    },
    {
      name: "port",
      rules: [
        "iifname . ether saddr != @guard_mac drop",
        "ether type arp goto arp_sender",
        "ether type ip6 goto ipv6_source",
        "ether type ip iifname . ip saddr @guard4 accept",
        // Tagged frames too: the kernel takes the tag of VLAN 0 off and reads what is in them.
        "drop",
      ],
    },
    { name: "guard", hook: "filter hook prerouting priority -300", rules: ["iifname @guarded goto port"] },
    {
      // The host routes nothing on that other hosts send to it, and has one address for them.
      name: "to_host",
      rules: [
        "ether type arp accept",
        "iifname . ip daddr @inlet4 accept",
        "iifname . ip6 daddr @inlet6 accept",
        "ip6 daddr ff02::/16 icmpv6 type nd-neighbor-solicit accept",
        "drop",
      ],
    },
    { name: "inlet", hook: "filter hook input priority 0", rules: ["iifname @inlets goto to_host"] },
  ];
}
