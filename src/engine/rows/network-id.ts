import type { Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** The id of a network by name or id prefix; undefined for one that is gone. */
export function networkIdOf(store: Pick<Store, "networks">, ref: string): string | undefined {
  try {
    return store.networks.resolve(ref).id;
  } catch (error) {
    if (TsdError.is(error)) return undefined;
    throw error;
  }
}
