/** Milliseconds after which a command tries again what failed: a plug-in that is down must not slow each of them. */
const pause = 60_000;

/** Whether what failed at that time (RFC 3339) may be tried again by any command. A clock that was set back delays nothing. */
export function isDueAgain(at: string): boolean {
  return Math.abs(Date.now() - Date.parse(at)) > pause;
}
