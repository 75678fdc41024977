import type { Resource } from "../../api/index.js";
import type { Links } from "../../contracts/index.js";

/** Throws as {@link Host.bridge} does where a network is to use a bridge that it does not make, and that is none. */
export function requireAdoptedBridges(host: Links, resources: readonly Resource[]): void {
  const made = new Set(resources.flatMap((resource) => (resource.kind === "link" ? [resource.name] : [])));
  for (const resource of resources) {
    if (resource.kind === "isolate" && !made.has(resource.bridge)) host.bridge(resource.bridge);
  }
}
