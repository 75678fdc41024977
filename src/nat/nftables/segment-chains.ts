import type { Chain } from "./chain.js";
import { rawExpression } from "./raw-payload.js";

/** Port and network identifier of what may be a frame in VXLAN (RFC 7348 §5). */
const SEGMENT = `udp dport . ${rawExpression("vni")}`;

/**
 * Frames between members of a segment, by the end that is the other host. What is in them has a connection of its own: that of
 * the frames around it would cost as much again and say nothing, since no reply comes back to a frame's port. Routers send errors
 * about them too, which are of no connection then, and many a firewall drops those (`ct state invalid`). Of IPv6 a host must hear that a
 * packet is too big, since no router cuts it up (RFC 8200 §5), but for link-local addresses, between which there is no router.
 */
export function untracked(end: "saddr" | "daddr"): readonly string[] {
  return [`ip ${end} . ${SEGMENT} @member4 notrack`, `ip6 ${end} fe80::/10 ip6 ${end} . ${SEGMENT} @member6 notrack`];
}

/** Containers elsewhere have a host of their own: of this one they get replies and pings. */
export const fromTrunk: Chain = {
  name: "from_trunk",
  rules: [
    "ct state established,related accept",
    "icmp type echo-request accept",
    "icmpv6 type echo-request accept",
    "drop",
  ],
};

/** Every sender on the bridge: which of its ports a packet came in by is not known here. */
const ownAddresses: readonly string[] = [
  "iifname . ip daddr @own4 goto from_trunk",
  "iifname . ip6 daddr @own6 goto from_trunk",
];

/**
 * For what comes from containers. This host would take it for another's, whatever address it says that it has, and other hosts for
 * this one's, under whose address it leaves.
 */
export const noFrames = `${SEGMENT} @segments drop`;

/** Of the table of family `inet`: who sends frames of a VXLAN segment, and what of the host is reached by a trunk. */
export const segmentChains: readonly Chain[] = [
  {
    // What opens a connection, before any program translates it: chains of this type run one after the other by their priority,
    // which the kernel takes from -199 on. What is of no connection is translated by none, and meets the same in `input`.
    name: "called",
    hook: "nat hook prerouting priority -199",
    rules: ownAddresses,
  },
  {
    name: "input",
    hook: "filter hook input priority 0",
    rules: [
      `${SEGMENT} @sealed iifname . ${SEGMENT} != @sealed_by drop`,
      `ip saddr . ${SEGMENT} @member4 accept`,
      `ip6 saddr . ${SEGMENT} @member6 accept`,
      noFrames,
      "ct state established,related accept",
      "iifname @trunks goto from_trunk",
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
      ...ownAddresses,
    ],
  },
  {
    // Where the link is gone, the host would send what it encrypts by another.
    name: "send",
    hook: "filter hook output priority -300",
    rules: [`${SEGMENT} @sealed oifname . ${SEGMENT} != @sealed_by drop`, ...untracked("daddr")],
  },
];
