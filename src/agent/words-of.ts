import { TsdError } from "../errors/tsd-error.js";

/** What a user reads of a failure. */
export function wordsOf(error: unknown): { readonly message: string; readonly hint?: string } {
  const hint = TsdError.is(error) ? error.hint : undefined;
  const message = String((error as { readonly message?: unknown } | undefined)?.message ?? error);
  return hint === undefined ? { message } : { message, hint };
}
