import type { Resource } from "../../../src/api/index.js";
import type { FakePart } from "./fake-part.js";

/** Networks that the agent serves. */
export class FakeMembership implements FakePart {
  private readonly served = new Set<string>();

  ensure(resource: Resource): void {
    if (resource.kind === "membership") this.served.add(resource.network);
  }

  remove(resource: Resource): void {
    if (resource.kind === "membership") this.served.delete(resource.network);
  }

  lines(): readonly string[] {
    return [...this.served].map((network) => `membership ${network}`);
  }
}
