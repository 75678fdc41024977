import type { HostSettings, PoolBase, Store } from "../api/index.js";

/** Where free subnets of a family come from; undefined leaves it to IPAM. */
export function poolBases(_store: Store, _settings: HostSettings, _family: 4 | 6): readonly PoolBase[] | undefined {
  return undefined;
}
