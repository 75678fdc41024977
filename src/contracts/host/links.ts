import type { HostLink } from "../../api/index.js";

/** Links of the host, and those that a namespace holds. */
export interface Links {
  /** A link by any of its names; undefined where there is none. `installation` is the root of the tsd whose mark it bears. */
  link(name: string): { readonly installation?: string } | undefined;
  /** All of them, with what they stand on; whose they are is not known here. */
  links(): readonly HostLink[];
  /** MTU in bytes of a link by its name; undefined where there is none. */
  linkMtu(name: string): number | undefined;
  /** Whether a link has a queueing discipline for filters on what comes in (clsact or ingress, tc(8)). */
  filtersIngress(link: string): boolean;
  /**
   * A link that must be a bridge, with its addresses and their prefix lengths. Throws `not-found` for no link of that name,
   * `conflict` for one of another kind.
   */
  bridge(name: string): { readonly addresses: readonly string[] };
  /** What a namespace holds already. Throws `not-found` or `invalid-input` for a path that is no network namespace. */
  namespace(path: string): { readonly links: readonly string[]; readonly hasDefaultRoute: boolean };
}
