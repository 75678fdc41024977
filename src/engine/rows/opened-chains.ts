import { type ForwardChain, isSameChain } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import { activeBackend } from "./nat-state.js";

/** Foreign chains that tsd was asked to open. */
const KEY = "passages";

type Settings = Pick<Store, "settings">;

/** Chains of others that networks have rules in. Without packet rules of tsd's nothing would be dropped that they accept. */
export function openedChains(store: Settings): readonly ForwardChain[] {
  return activeBackend(store) === "none" ? [] : notedChains(store);
}

/** In the caller's transaction. Networks follow when they are asked to. */
export function noteChains(store: Settings, chains: readonly ForwardChain[]): void {
  const known = notedChains(store);
  const added = chains.filter((chain) => !known.some((one) => isSameChain(one, chain)));
  if (added.length > 0) store.settings.set(KEY, [...known, ...added]);
}

/** In the transaction that deletes a network: what was asked for networks goes with the last of them. */
export function forgetChains(store: Pick<Store, "settings" | "networks">): void {
  if (store.networks.list().length === 0 && store.settings.get(KEY) !== undefined) store.settings.delete(KEY);
}

function notedChains(store: Settings): readonly ForwardChain[] {
  return store.settings.get<readonly ForwardChain[]>(KEY) ?? [];
}
