import type { Resource } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import type { FakePart } from "./fake-part.js";

/** Namespaces in which a resolver listens, which its sockets keep alive. */
export class FakeResolver implements FakePart {
  private readonly listening = new Set<string>();

  constructor(private readonly hasNamespace: (path: string) => boolean) {}

  holds(netns: string): boolean {
    return this.listening.has(netns);
  }

  ensure(resource: Resource): void {
    if (resource.kind !== "resolver") return;
    if (!this.hasNamespace(resource.netns)) throw noNamespace(resource.netns);
    this.listening.add(resource.netns);
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
