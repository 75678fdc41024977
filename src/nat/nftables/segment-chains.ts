import type { Chain } from "./chain.js";
import { rawExpression } from "./raw-payload.js";

/** Port and network identifier of what may be a frame in VXLAN (RFC 7348 §5). */
const SEGMENT = `udp dport . ${rawExpression("vni")}`;

/** Of the table of family `inet`: who sends frames of a VXLAN segment, and what of the host is reached by a trunk. */
export const segmentChains: readonly Chain[] = [
  {
    name: "segment",
    rules: [
      `${SEGMENT} @sealed iifname . ${SEGMENT} != @sealed_by drop`,
      `ip saddr . ${SEGMENT} @member4 accept`,
      `ip6 saddr . ${SEGMENT} @member6 accept`,
      "drop",
    ],
  },
  {
    // Containers elsewhere have a host of their own: of this one they get replies and pings.
    name: "from_trunk",
    rules: [
      "ct state established,related accept",
      "icmp type echo-request accept",
      "icmpv6 type echo-request accept",
      "drop",
    ],
  },
  {
    // Every sender on the bridge: which of its ports a packet came in by is not known here. Before ports are translated.
    name: "called",
    hook: "filter hook prerouting priority -150",
    rules: [
      // As from_trunk does: nearly all packets need no look into the sets.
      "ct state established,related accept",
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
      "iifname . ip daddr @own4 goto from_trunk",
      "iifname . ip6 daddr @own6 goto from_trunk",
    ],
  },
  {
    name: "input",
    hook: "filter hook input priority 0",
    rules: [`${SEGMENT} @segments goto segment`, "iifname @trunks goto from_trunk"],
  },
  {
    // Where the link is gone, the host would send what it encrypts by another.
    name: "send",
    hook: "filter hook output priority 0",
    rules: [`${SEGMENT} @sealed oifname . ${SEGMENT} != @sealed_by drop`],
  },
];

/**
 * For what comes from containers. This host would take it for another's, whatever address it says that it has, and other hosts for
 * this one's, under whose address it leaves.
 */
export const noFrames = `${SEGMENT} @segments drop`;
