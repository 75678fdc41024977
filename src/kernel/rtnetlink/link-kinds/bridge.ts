import type { BridgeLink } from "../../../api/resource.js";
import type { LinkKind } from "../link-kind.js";

/** `IFLA_BR_*` of <linux/if_link.h>. */
const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_MCAST_SNOOPING = 23;

/**
 * A switch without spanning tree, hence without a delay before a new port forwards, and without multicast snooping, which
 * drops group traffic wherever no querier runs.
 */
export const bridge: LinkKind<BridgeLink> = {
  // It takes the least MTU of its ports, unless one was set (br_mtu_auto_adjust).
  keepsMtu: false,
  encodeData(batch) {
    batch.u32(IFLA_BR_FORWARD_DELAY, 0).u32(IFLA_BR_STP_STATE, 0).u8(IFLA_BR_MCAST_SNOOPING, 0);
  },
  words: () => ["forward_delay", "0", "stp_state", "0", "mcast_snooping", "0"],
};
