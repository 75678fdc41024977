/** Calls `work` with a signal that is aborted with `outer`, and in any case once `work` is over; leaves nothing at `outer`. */
export async function within<T>(outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const inner = new AbortController();
  const abort = (): void => inner.abort();
  outer.addEventListener("abort", abort);
  if (outer.aborted) abort();
  try {
    return await work(inner.signal);
  } finally {
    outer.removeEventListener("abort", abort);
    abort();
  }
}
