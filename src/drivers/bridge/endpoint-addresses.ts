import type { Endpoint } from "../../api/index.js";

/** Without prefix length. */
export function addressesOf({ addresses }: Pick<Endpoint, "addresses">): readonly string[] {
  return addresses.map((address) => address.split("/")[0] ?? address);
}
