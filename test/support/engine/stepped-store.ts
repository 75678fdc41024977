import type { Store } from "../../../src/contracts/index.js";
import type { Steps } from "./steps.js";

/** The store as one process reaches it: before each transaction it can die. */
export function steppedStore(store: Store, steps: Steps): Store {
  const { path, networks, endpoints, containers, images, volumes, peers, leases, debts, settings, changes } = store;
  let depth = 0;
  const transact = <T>(work: () => T, onCommit: () => void): T => {
    steps.commit();
    depth += 1;
    try {
      return store.transaction(work);
    } finally {
      depth -= 1;
      if (depth === 0) onCommit();
    }
  };
  return {
    ...{ path, networks, endpoints, containers, images, volumes, peers, leases, debts, settings, changes },
    unwritable: undefined,
    hasWritten: true,
    requireRoom: () => undefined,
    listing: (place) => store.listing(place),
    namesOnHost: (kind) => store.namesOnHost(kind),
    isIdle: () => store.isIdle(),
    revision: () => store.revision(),
    // The two differ in a power cut alone.
    transaction: (work) => transact(work, () => steps.onSync()),
    unsyncedTransaction: (work) => transact(work, () => undefined),
    close: () => store.close(),
  };
}
