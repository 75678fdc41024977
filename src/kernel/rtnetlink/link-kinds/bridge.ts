import type { BridgeLink } from "../../../api/resource.js";
import type { LinkKind } from "../link-kind.js";

/** `IFLA_BR_*` of <linux/if_link.h>. */
const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_MCAST_SNOOPING = 23;
const IFLA_BR_MULTI_BOOLOPT = 46;
/** A bit of `struct br_boolopt_multi` of <linux/if_bridge.h>: values u32, mask u32. */
const BR_BOOLOPT_NO_LL_LEARN = 1;

/**
 * A switch without spanning tree, hence without a delay before a new port forwards, and without multicast snooping, which
 * drops group traffic wherever no querier runs. It does not learn where a MAC address is from what is sent to link-local
 * groups (LLDP), which no packet filter of bridges sees: who forges it would get another's frames (Linux 5.0).
 */
export const bridge: LinkKind<BridgeLink> = {
  // It takes the least MTU of its ports, unless one was set (br_mtu_auto_adjust).
  keepsMtu: false,
  encodeData(batch) {
    batch.u32(IFLA_BR_FORWARD_DELAY, 0).u32(IFLA_BR_STP_STATE, 0).u8(IFLA_BR_MCAST_SNOOPING, 0);
    const options = Uint32Array.of(BR_BOOLOPT_NO_LL_LEARN, BR_BOOLOPT_NO_LL_LEARN);
    batch.bytes(IFLA_BR_MULTI_BOOLOPT, new Uint8Array(options.buffer));
  },
  words: () => ["forward_delay", "0", "stp_state", "0", "mcast_snooping", "0", "no_linklocal_learn", "1"],
};
