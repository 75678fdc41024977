import type { Drift, Provider, ResolverListener } from "../api/index.js";
import type { Preparing } from "../contracts/preparing.js";
import { shellLine, withInput } from "../kernel/shell-words.js";
import { encode } from "./messages.js";
import type { Resolver } from "./resolver.js";

/** Sockets for questions for names, one process for all namespaces. */
export class ResolverProvider implements Provider<"resolver">, Preparing {
  readonly kinds = ["resolver"] as const;

  constructor(private readonly resolver: Resolver) {}

  prepare(): void {
    this.resolver.prepare();
  }

  ensure(resources: readonly ResolverListener[]): Promise<void> {
    return this.resolver.listenIn(pathsOf(resources));
  }

  remove(resources: readonly ResolverListener[]): Promise<void> {
    return this.resolver.leave(pathsOf(resources));
  }

  async inspect(resources: readonly ResolverListener[]): Promise<readonly Drift[]> {
    const listening = await this.resolver.listening(pathsOf(resources));
    const states = new Map(listening.map(({ netns, isIntact }) => [netns, isIntact]));
    return resources.flatMap((resource): readonly Drift[] => {
      const isIntact = states.get(resource.netns);
      if (isIntact === undefined) return [{ resource, problem: "missing" }];
      return isIntact ? [] : [{ resource, problem: "different", found: "nothing leads port 53 to it" }];
    });
  }

  async describe(verb: "ensure" | "remove", resources: readonly ResolverListener[]): Promise<readonly string[]> {
    const request = { verb: verb === "ensure" ? "open" : "close", namespaces: pathsOf(resources) } as const;
    return [withInput(shellLine(["nc", "-N", "-U", this.resolver.socket]), encode(request))];
  }
}

function pathsOf(resources: readonly ResolverListener[]): readonly string[] {
  return resources.map(({ netns }) => netns);
}
