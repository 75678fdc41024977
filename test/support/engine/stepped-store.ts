import type { Store } from "../../../src/contracts/index.js";
import type { Steps } from "./steps.js";

/** The store as one process reaches it: before each transaction it can die. */
export function steppedStore(store: Store, steps: Steps): Store {
  const { path, networks, endpoints, containers, images, leases, debts, settings, changes } = store;
  const transaction: Store["transaction"] = (work) => {
    steps.commit();
    return store.transaction(work);
  };
  return {
    ...{ path, networks, endpoints, containers, images, leases, debts, settings, changes },
    unwritable: undefined,
    requireRoom: () => undefined,
    listing: (place) => store.listing(place),
    namesOnHost: (kind) => store.namesOnHost(kind),
    isIdle: () => store.isIdle(),
    transaction,
    // The two differ in a power cut alone.
    unsyncedTransaction: transaction,
    close: () => store.close(),
  };
}
