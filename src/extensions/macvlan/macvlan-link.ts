import type { LinkBase, LinkKind } from "../../api/index.js";

/** `MACVLAN_MODE_*` of <linux/if_link.h>. */
const modes = { private: 1, vepa: 2, bridge: 4, passthru: 8 } as const;

export type MacvlanMode = keyof typeof modes;
export const macvlanModes = Object.keys(modes) as readonly MacvlanMode[];

/** A link with a MAC address of its own beside that of its parent, ip-link(8). */
export interface MacvlanLink extends LinkBase {
  readonly type: "macvlan";
  readonly parent: string;
  readonly mode: MacvlanMode;
}

declare module "../../api/index.js" {
  interface LinkTypes {
    macvlan: MacvlanLink;
  }
}

const IFLA_MACVLAN_MODE = 1;

export const macvlan: LinkKind<MacvlanLink> = {
  type: "macvlan",
  parent: (link) => link.parent,
  data: ({ mode }) => [{ type: IFLA_MACVLAN_MODE, u32: modes[mode] }],
  words: ({ mode }) => ["mode", mode],
};
