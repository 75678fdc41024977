import type { Link, LinkBase } from "./link-resource.js";

/**
 * One attribute of netlink (`struct nlattr`): its number in the enumeration of its link type, and its value. Numbers are in
 * the byte order of the CPU; what the kernel wants in that of the network is `bytes`.
 */
export type LinkAttribute = { readonly type: number } & (
  | { readonly u8: number }
  | { readonly u16: number }
  | { readonly u32: number }
  | { readonly bytes: Uint8Array }
  | { readonly nested: readonly LinkAttribute[] }
);

/**
 * How links of one type are made and recognised. tsd does the rest: name, address, MTU, namespace, mark, removal. A link that
 * has another parent or other data than described is made again.
 */
export interface LinkKind<L extends LinkBase & { readonly type: string } = Link> {
  /** The `type` of its links, which is the kernel's word as well (`IFLA_INFO_KIND`): `macvlan`. */
  readonly type: L["type"];
  /** What a kernel without such links lacks, for the error. Absent: a module called as the type, and `CONFIG_TYPE`. */
  readonly feature?: { readonly module: string; readonly config: string };
  /** The link of the host that it stands on (`IFLA_LINK`); the host's, whatever namespace it lives in itself. */
  parent?(link: L): string;
  /**
   * What is its own (`IFLA_INFO_DATA`), in the order of sending. `check` compares each with what the kernel says of the link,
   * and passes over what the kernel leaves out.
   */
  data(link: L): readonly LinkAttribute[];
  /** The same for `ip link add … type TYPE`, without the parent. */
  words(link: L): readonly string[];
}
