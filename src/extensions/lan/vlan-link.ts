import type { LinkBase, LinkKind } from "../../api/index.js";

/** A VLAN of a link of the host: frames with one tag of IEEE 802.1Q. */
export interface VlanLink extends LinkBase {
  readonly type: "vlan";
  readonly parent: string;
  /** 1 to 4094. */
  readonly id: number;
}

declare module "../../api/index.js" {
  interface LinkTypes {
    vlan: VlanLink;
  }
}

/** `IFLA_VLAN_*` of <linux/if_link.h>; the protocol is in the byte order of the network. */
const IFLA_VLAN_ID = 1;
const IFLA_VLAN_PROTOCOL = 5;
const ETH_P_8021Q = [0x81, 0x00];

export const vlan: LinkKind<VlanLink> = {
  type: "vlan",
  feature: { module: "8021q", config: "CONFIG_VLAN_8021Q" },
  parent: (link) => link.parent,
  data: ({ id }) => [
    { type: IFLA_VLAN_ID, u16: id },
    { type: IFLA_VLAN_PROTOCOL, bytes: Uint8Array.from(ETH_P_8021Q) },
  ],
  words: ({ id }) => ["protocol", "802.1Q", "id", String(id)],
};
