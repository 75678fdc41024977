import type { Drift, Provider } from "../../api/provider.js";
import type { Sysctl } from "../../api/resource.js";
import { describeSysctl, ensureSysctl, inspectSysctl, removeSysctl } from "./sysctl-resource.js";

/** Kernel parameters, one write each. */
export class SysctlProvider implements Provider<"sysctl"> {
  readonly kinds = ["sysctl"] as const;

  async ensure(resources: readonly Sysctl[]): Promise<void> {
    for (const resource of resources) ensureSysctl(resource);
  }

  async remove(resources: readonly Sysctl[]): Promise<void> {
    for (const resource of resources) removeSysctl(resource);
  }

  async inspect(resources: readonly Sysctl[]): Promise<readonly Drift[]> {
    return resources.flatMap((resource) => inspectSysctl(resource) ?? []);
  }

  async describe(verb: "ensure" | "remove", resources: readonly Sysctl[]): Promise<readonly string[]> {
    return resources.flatMap((resource) => describeSysctl(verb, resource));
  }
}
