import type { ContainerRow, Store } from "../../contracts/index.js";

/** True for a container that the end of its run removes: it was asked to go with it, or never became whole, or is being removed. */
export function endsWithRun({ state, container }: Pick<ContainerRow, "state" | "container">): boolean {
  return container.spec.autoRemove === true || state === "creating" || state === "deleting";
}

/**
 * Writes down how far a run came. With `goes`, the end of the run removes the container, as its row on the disk says already.
 * Then a power cut may lose what is written here: it ends the run as well, and the next command removes the rest.
 */
export function noteRun<T>(
  store: Pick<Store, "transaction" | "unsyncedTransaction">,
  { goes }: { readonly goes: boolean },
  work: () => T,
): T {
  return goes ? store.unsyncedTransaction(work) : store.transaction(work);
}
