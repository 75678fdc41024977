import { withoutPrefix } from "../address-family.js";
import type { Endpoint } from "../network.js";

/** Without prefix length. */
export function addressesOf({ addresses }: Pick<Endpoint, "addresses">): readonly string[] {
  return addresses.map(withoutPrefix);
}
