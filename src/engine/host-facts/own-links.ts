import type { Store } from "../../contracts/index.js";

/** Interfaces on the host that tsd made, for networks and for endpoints. */
export function ownLinks(store: Pick<Store, "namesOnHost">): ReadonlySet<string> {
  return new Set(store.namesOnHost("link"));
}
