/** A provider of tsd's own, of resources whose making waits for something that takes long. */
export interface Preparing {
  /**
   * Begins what `ensure` would wait for, and returns at once. For lists that are in a row already: removal of the list undoes this
   * too.
   */
  prepare(): void;
}

export function isPreparing(provider: object): provider is Preparing {
  return "prepare" in provider;
}
