/**
 * Returns what `work` returns, or undoes it and throws its error. Where undoing fails as well, the cause is still what the
 * caller must hear: the row says what is left, and the next command sees to it.
 */
export async function undoOnFailure<T>(work: () => Promise<T>, undo: () => Promise<unknown>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await undo().catch(() => undefined);
    throw error;
  }
}
