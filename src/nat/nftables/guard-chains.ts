import type { Chain } from "./chain.js";
import { rawExpression } from "./raw-payload.js";

/**
 * The chains of the table of family `bridge`, those that others jump to first. They see a frame before the bridge learns
 * from it where its sender is, and before br_netfilter shows it to any table of IP. Whatever is not accepted is dropped.
 */
export function guardChains(): readonly Chain[] {
  const target = rawExpression("nd_ipv6_addr");
  const option = rawExpression("nd_ether_addr");
  return [
    { name: "arp_sender", rules: ["iifname . arp saddr ether . arp saddr ip @guard_arp accept", "drop"] },
    {
      // An address that is still being tested is no source yet (RFC 4862 §5.4.2); that of another must not be contested.
      name: "unspecified",
      rules: [
        `icmpv6 type nd-neighbor-solicit iifname . ${target} @guard_target accept`,
        "icmpv6 type { mld-listener-report, mld2-listener-report } accept",
        "drop",
      ],
    },
    {
      // Of several options of one kind Linux heeds the first (ndisc_parse_options). A message without one has nothing there
      // to load, so that neither rule applies.
      name: "first_option",
      rules: ["@th,192,16 != { 0x0101, 0x0201 } drop", `iifname . ${option} != @guard_option drop`, "accept"],
    },
    {
      name: "ipv6_source",
      rules: [
        "icmpv6 type { nd-router-solicit, nd-router-advert, nd-redirect } drop",
        `icmpv6 type nd-neighbor-advert iifname . ${target} != @guard_target drop`,
        "ip6 saddr :: goto unspecified",
        "iifname . ip6 saddr != @guard6 drop",
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } goto first_option",
        "accept",
      ],
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
  ];
}
