import type { Resource } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import type { FakePart } from "./fake-part.js";

/** Namespaces in which a resolver listens, which its sockets keep alive. */
export class FakeResolver implements FakePart {
  private readonly listening = new Set<string>();
  /** Those that are about to end. */
  private readonly ending = new Set<string>();

  constructor(private readonly hasNamespace: (path: string) => boolean) {}

  /** True for a namespace that is not about to end. */
  holds(netns: string): boolean {
    return this.listening.has(netns) && !this.ending.has(netns);
  }

  ensure(resource: Resource): void {
    if (resource.kind !== "resolver") return;
    if (!this.hasNamespace(resource.netns)) throw noNamespace(resource.netns);
    this.listening.add(resource.netns);
    this.ending.delete(resource.netns);
  }

  /** A failure to let go is reported, and the namespace goes with the sockets. */
  expectRemoval(resource: Resource): void {
    if (resource.kind === "resolver") this.ending.add(resource.netns);
  }

  remove(resource: Resource): void {
    if (resource.kind === "resolver") this.listening.delete(resource.netns);
  }

  lines(): readonly string[] {
    return [...this.listening].map((netns) => `resolver ${netns}`);
  }
}

/** A container may have begun to end. */
function noNamespace(netns: string): TsdError {
  return new TsdError({ kind: "runtime", code: "TSD_RESOLVER_REFUSED", message: `no resolver in ${netns}` });
}
