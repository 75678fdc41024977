import type { Drift, Provider, ResolverListener } from "../api/index.js";
import type { Preparing } from "../contracts/preparing.js";
import { shellLine, withInput } from "../kernel/shell-words.js";
import { encode } from "../service/messages.js";
import type { OnDemandService } from "../service/on-demand-service.js";

/** Sockets for questions for names, one process for all namespaces. */
export class ResolverProvider implements Provider<"resolver">, Preparing {
  readonly kinds = ["resolver"] as const;

  constructor(private readonly resolver: OnDemandService) {}

  prepare(): void {
    this.resolver.prepare();
  }

  ensure(resources: readonly ResolverListener[]): Promise<void> {
    return this.resolver.serve(pathsOf(resources));
  }

  remove(resources: readonly ResolverListener[]): Promise<void> {
    return this.resolver.leave(pathsOf(resources));
  }

  async inspect(resources: readonly ResolverListener[]): Promise<readonly Drift[]> {
    const served = await this.resolver.serving(pathsOf(resources));
    const states = new Map(served.map(({ subject, isIntact }) => [subject, isIntact]));
    return resources.flatMap((resource): readonly Drift[] => {
      const isIntact = states.get(resource.netns);
      if (isIntact === undefined) return [{ resource, problem: "missing" }];
      return isIntact ? [] : [{ resource, problem: "different", found: "nothing leads port 53 to it" }];
    });
  }

  async describe(verb: "ensure" | "remove", resources: readonly ResolverListener[]): Promise<readonly string[]> {
    const request = { verb: verb === "ensure" ? "open" : "close", subjects: pathsOf(resources) } as const;
    return [withInput(shellLine(["nc", "-N", "-U", this.resolver.socket]), encode(request))];
  }
}

function pathsOf(resources: readonly ResolverListener[]): readonly string[] {
  return resources.map(({ netns }) => netns);
}
