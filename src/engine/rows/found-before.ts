import type { Sysctl } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";

/** The value that a parameter of the host had before the first network set it; undefined where none has. */
export function foundBefore(store: Store, key: string): string | undefined {
  const [first] = store.listing(`sysctl ${key}`);
  return (first?.resource as Sysctl | undefined)?.restore;
}
