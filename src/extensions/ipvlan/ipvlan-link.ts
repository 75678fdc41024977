import type { LinkBase, LinkKind } from "../../api/index.js";

/** `IPVLAN_MODE_*` and `IPVLAN_F_*` of <linux/if_link.h>. */
const modes = { l2: 0, l3: 1, l3s: 2 } as const;
const flags = { bridge: 0, private: 1, vepa: 2 } as const;

export type IpvlanMode = keyof typeof modes;
export type IpvlanFlag = keyof typeof flags;
export const ipvlanModes = Object.keys(modes) as readonly IpvlanMode[];
export const ipvlanFlags = Object.keys(flags) as readonly IpvlanFlag[];

/** A link with addresses of its own behind the MAC address of its parent, ip-link(8). */
export interface IpvlanLink extends LinkBase {
  readonly type: "ipvlan";
  readonly parent: string;
  /** Of all links on the parent. */
  readonly mode: IpvlanMode;
  readonly flag: IpvlanFlag;
}

declare module "../../api/index.js" {
  interface LinkTypes {
    ipvlan: IpvlanLink;
  }
}

const IFLA_IPVLAN_MODE = 1;
const IFLA_IPVLAN_FLAGS = 2;

export const ipvlan: LinkKind<IpvlanLink> = {
  type: "ipvlan",
  parent: (link) => link.parent,
  data: ({ mode, flag }) => [
    { type: IFLA_IPVLAN_MODE, u16: modes[mode] },
    { type: IFLA_IPVLAN_FLAGS, u16: flags[flag] },
  ],
  words: ({ mode, flag }) => ["mode", mode, flag],
};
