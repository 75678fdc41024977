import type { Owner, Store } from "../../contracts/index.js";

/** Which backend holds the rules, as the store has it. */
export interface NatState {
  readonly active: string;
  /** Why this one, in words. */
  readonly why: string;
  /** A second one, while a switch is under way. */
  readonly other?: OtherBackend;
}

export interface OtherBackend {
  readonly backend: string;
  /** `coming`: both hold all rules until it is the active one. `going`: it was or would have been, and is being emptied. */
  readonly is: "coming" | "going";
  /** Who sees to it. */
  readonly owner: Owner;
}

type Settings = Pick<Store, "settings">;

const KEY = "nat";

/** Undefined where none was chosen yet. */
export function natState(store: Settings): NatState | undefined {
  return store.settings.get<NatState>(KEY);
}

/** In the caller's transaction. */
export function keepNatState(store: Settings, state: NatState): void {
  store.settings.set(KEY, state);
}

/** The name of the backend in force; undefined where none was chosen yet. */
export function activeBackend(store: Settings): string | undefined {
  return natState(store)?.active;
}
