/** Returns after so many milliseconds, or at once when it is cut short or the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): { readonly over: Promise<void>; cut(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const cut = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", cut);
    resolve();
  };
  void promise.then(cut);
  if (signal.aborted) cut();
  else signal.addEventListener("abort", cut);
  return { over: promise, cut };
}
