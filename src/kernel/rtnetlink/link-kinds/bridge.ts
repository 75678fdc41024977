import type { BridgeLink } from "../../../api/resource.js";
import { BR_BOOLOPT_NO_LL_LEARN, IFLA_BR_FDB_MAX_LEARNED, IFLA_BR_MULTI_BOOLOPT } from "../messages/protocol.js";
import type { LinkKind } from "./link-kind.js";

/** `IFLA_BR_*` of <linux/if_link.h>. */
const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_MCAST_SNOOPING = 23;

/**
 * Addresses that a bridge learns: four for each of the 1024 ports it can have. Those of endpoints need no learning, so that
 * a container that makes up addresses crowds out only other addresses that tsd did not give it.
 */
export const MAX_LEARNED = 4096;

/**
 * A switch without spanning tree, hence without a delay before a new port forwards, and without multicast snooping, which
 * drops group traffic wherever no querier runs. It does not learn where a MAC address is from what is sent to link-local
 * groups (LLDP), which no packet filter of bridges sees: who forges it would get another's frames (Linux 5.0). What it learns
 * is limited (Linux 6.7; older ones pass over it).
 */
export const bridge: LinkKind<BridgeLink> = {
  // It takes the least MTU of its ports, unless one was set (br_mtu_auto_adjust).
  keepsMtu: false,
  changeable: true,
  encodeData(batch) {
    batch.u32(IFLA_BR_FORWARD_DELAY, 0).u32(IFLA_BR_STP_STATE, 0).u8(IFLA_BR_MCAST_SNOOPING, 0);
    const options = Uint32Array.of(BR_BOOLOPT_NO_LL_LEARN, BR_BOOLOPT_NO_LL_LEARN);
    batch.bytes(IFLA_BR_MULTI_BOOLOPT, new Uint8Array(options.buffer));
    batch.u32(IFLA_BR_FDB_MAX_LEARNED, MAX_LEARNED);
  },
  words: () => [
    ...["forward_delay", "0", "stp_state", "0", "mcast_snooping", "0", "no_linklocal_learn", "1"],
    ...["fdb_max_learned", String(MAX_LEARNED)],
  ],
};
