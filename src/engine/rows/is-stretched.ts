import type { NetworkRow } from "../../contracts/index.js";

/** Whether the bridge of a network goes on on other hosts, so that each endpoint there has an entry on this one. */
export function isStretched({ resources }: Pick<NetworkRow, "resources">): boolean {
  return resources.some((one) => one.kind === "isolate" && one.inlet !== undefined);
}
