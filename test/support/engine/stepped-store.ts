import type { Store } from "../../../src/api/index.js";
import type { Steps } from "./steps.js";

/** The store as one process reaches it: before each transaction it can die. */
export function steppedStore(store: Store, steps: Steps): Store {
  const { path, networks, endpoints, containers, images, leases } = store;
  return {
    ...{ path, networks, endpoints, containers, images, leases },
    listing: (kinds) => store.listing(kinds),
    transaction(work) {
      steps.commit();
      return store.transaction(work);
    },
    close: () => store.close(),
  };
}
