import type { Tsd, TsdOptions } from "./api/index.js";

export * from "./api/index.js";

/**
 * Opens tsd on the network namespace of the calling process, as root. Work that a dead process left half-done is finished
 * first; where that fails, `unfinished` says why. Throws `permission` or `store`. Call `close` at the end.
 */
export async function openTsd(options: TsdOptions = {}): Promise<Tsd> {
  return (await import("./composition/open-tsd.js")).openTsd(options);
}
