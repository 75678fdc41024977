import type { Resource } from "../../api/index.js";
import { isIntent } from "../../api/intent.js";

/** Kinds that are the kernel's alone, and so gone after a power cut. All others may leave something on a disk. */
const kernelKinds: ReadonlySet<string> = new Set<Resource["kind"]>([
  "netns",
  "link",
  "address",
  "route",
  "sysctl",
  "localnet",
  "announcement",
]);

/** True for what a power cut takes away: a row that lists nothing else need not outlive one before it is ready. */
export function endsWithPower(resource: Resource): boolean {
  return kernelKinds.has(resource.kind) || isIntent(resource);
}
