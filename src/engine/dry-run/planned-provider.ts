import type { Drift, OnStep, Provider, Resource, ResourceKind } from "../../api/index.js";
import { goesWithLink, type PlannedMachine } from "./planned-machine.js";

/** A provider that reports what another would do, a step for each resource, and leaves the kernel as it is. */
export class PlannedProvider implements Provider {
  readonly kinds: readonly ResourceKind[];

  constructor(
    private readonly real: Provider,
    private readonly machine: PlannedMachine,
    private readonly tell: OnStep,
  ) {
    this.kinds = real.kinds;
  }

  async ensure(resources: readonly Resource[]): Promise<void> {
    const wanting = new Set((await this.inspect(resources)).map(({ resource }) => resource));
    for (const resource of resources) {
      const sends = wanting.has(resource) ? await this.real.describe("ensure", [resource]) : [];
      if (wanting.has(resource)) this.machine.make(resource);
      this.tell({ verb: "make", resources: [resource], sends });
    }
  }

  async remove(resources: readonly Resource[]): Promise<void> {
    const drifts = await this.inspect(resources);
    const missing = new Set(drifts.flatMap(({ resource, problem }) => (problem === "missing" ? [resource] : [])));
    for (const resource of resources) {
      const goesByItself = missing.has(resource) || goesWithLink(resource, resources);
      const sends = goesByItself ? [] : await this.real.describe("remove", [resource]);
      this.machine.remove(resource);
      this.tell({ verb: "remove", resources: [resource], sends });
    }
  }

  /** Compares with the kernel as the plan would leave it. */
  async inspect(resources: readonly Resource[]): Promise<readonly Drift[]> {
    const found = await this.real.inspect(resources.filter((resource) => this.machine.has(resource) === undefined));
    const drifts = new Map(found.map((drift) => [drift.resource, drift]));
    return resources.flatMap((resource): readonly Drift[] => {
      if (this.machine.has(resource) === false) {
        const isOther = resource.kind === "file" && this.machine.hasFileAt(resource.path);
        return [{ resource, problem: isOther ? "different" : "missing" }];
      }
      return [drifts.get(resource) ?? []].flat();
    });
  }

  describe(verb: "ensure" | "remove", resources: readonly Resource[]): Promise<readonly string[]> {
    return this.real.describe(verb, resources);
  }
}
