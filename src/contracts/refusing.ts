import type { Resource } from "../api/index.js";

/** A provider of tsd's own that knows beforehand what it cannot make, whatever the kernel has. */
export interface Refusing {
  /** Throws what `ensure` would throw of these. Asked before anything of their list is made. */
  refuse(resources: readonly Resource[]): Promise<void>;
}

export function isRefusing(provider: object): provider is Refusing {
  return "refuse" in provider;
}
