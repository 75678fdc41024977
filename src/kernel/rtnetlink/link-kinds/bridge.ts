import type { LinkKind } from "../../../api/link-kind.js";
import type { BridgeLink } from "../../../api/link-resource.js";
import type { Attributes } from "../../netlink/attributes.js";
import { BR_BOOLOPT_NO_LL_LEARN, IFLA_BR_FDB_MAX_LEARNED, IFLA_BR_MULTI_BOOLOPT } from "../messages/protocol.js";
import { kernelKind } from "./kernel-kind.js";
import type { KernelKind } from "./link-kind.js";

/** `IFLA_BR_*` of <linux/if_link.h>. */
const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_MCAST_SNOOPING = 23;

/**
 * Addresses that a bridge learns: four for each of the 1024 ports it can have. Those of endpoints need no learning, so that
 * a container that makes up addresses crowds out only other addresses that tsd did not give it.
 */
const MAX_LEARNED = 4096;

const settings: LinkKind<BridgeLink> = {
  type: "bridge",
  data: () => [
    { type: IFLA_BR_FORWARD_DELAY, u32: 0 },
    { type: IFLA_BR_STP_STATE, u32: 0 },
    { type: IFLA_BR_MCAST_SNOOPING, u8: 0 },
    {
      type: IFLA_BR_MULTI_BOOLOPT,
      bytes: new Uint8Array(Uint32Array.of(BR_BOOLOPT_NO_LL_LEARN, BR_BOOLOPT_NO_LL_LEARN).buffer),
    },
    { type: IFLA_BR_FDB_MAX_LEARNED, u32: MAX_LEARNED },
  ],
  words: () => [
    ...["forward_delay", "0", "stp_state", "0", "mcast_snooping", "0", "no_linklocal_learn", "1"],
    ...["fdb_max_learned", String(MAX_LEARNED)],
  ],
};

/**
 * A switch without spanning tree, hence without a delay before a new port forwards, and without multicast snooping, which
 * drops group traffic wherever no querier runs. It does not learn where a MAC address is from what is sent to link-local
 * groups (LLDP), which no packet filter of bridges sees: who forges it would get another's frames (Linux 5.0). What it learns
 * is limited (Linux 6.7; older ones pass over it).
 */
export const bridge: KernelKind<BridgeLink> = {
  ...kernelKind(settings),
  // It takes the least MTU of its ports, unless one was set (br_mtu_auto_adjust).
  keepsMtu: false,
  changeable: true,
  traits: (_, { data }) => (data === undefined ? [] : learning(data)),
};

/** What matters to containers; the rest is for the host to change. */
function learning(data: Attributes): readonly string[] {
  const options = data.bytes(IFLA_BR_MULTI_BOOLOPT);
  const maxLearned = data.u32(IFLA_BR_FDB_MAX_LEARNED);
  const learns = options !== undefined && ((options[0] ?? 0) & BR_BOOLOPT_NO_LL_LEARN) === 0;
  return [
    ...(learns ? ["learns from frames to link-local groups"] : []),
    ...(maxLearned === undefined || maxLearned === MAX_LEARNED
      ? []
      : [`learns ${maxLearned === 0 ? "any number of" : maxLearned} addresses`]),
  ];
}
