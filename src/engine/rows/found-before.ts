import type { Sysctl } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";

/** The value that a parameter of the host had before the first network set it; undefined where none has. */
export function foundBefore(store: Store, key: string): string | undefined {
  const listed = store.listing(["sysctl"]).map(({ resource }) => resource);
  const isIt = (resource: (typeof listed)[number]): resource is Sysctl =>
    resource.kind === "sysctl" && resource.netns === undefined && resource.key === key;
  return listed.find(isIt)?.restore;
}
