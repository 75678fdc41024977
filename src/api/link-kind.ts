import type { Link, LinkBase } from "./resource.js";

/** One attribute of netlink (`struct nlattr`): its number in the enumeration of its link type, and its value. */
export type LinkAttribute = { readonly type: number } & (
  | { readonly u8: number }
  | { readonly u16: number }
  | { readonly u32: number }
  | { readonly bytes: Uint8Array }
  | { readonly nested: readonly LinkAttribute[] }
);

/** How links of one type are made and recognised. tsd does the rest: name, address, MTU, namespace, mark, removal. */
export interface LinkKind<L extends LinkBase & { readonly type: string } = Link> {
  /** The `type` of its links, which is the kernel's word as well (`IFLA_INFO_KIND`): `macvlan`. */
  readonly type: L["type"];
  /** The link of the host that it stands on (`IFLA_LINK`); the host's, whatever namespace it lives in itself. */
  parent?(link: L): string;
  /** What is its own (`IFLA_INFO_DATA`), in the order of sending; compared with the kernel's by `check`. */
  data(link: L): readonly LinkAttribute[];
  /** The same for `ip link add … type TYPE`, without the parent. */
  words(link: L): readonly string[];
}
