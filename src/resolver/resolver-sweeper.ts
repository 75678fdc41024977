import type { ResolverListener, Sweeper } from "../api/index.js";
import { sweeperOf } from "../kernel/orphans/sweeper-of.js";
import type { OnDemandService } from "../service/on-demand-service.js";

/** The resolver as a whole, or what it left, where nothing needs one; and namespaces that it holds and nothing lists. */
export function resolverSweeper(resolver: OnDemandService): Sweeper {
  return sweeperOf<Item>({
    async list() {
      if (!resolver.isPresent()) return [];
      const served = await resolver.serving();
      return [{ netns: undefined }, ...served.map(({ subject }) => ({ netns: subject }))];
    },
    orphanOf: ({ netns }) =>
      netns === undefined
        ? { kind: "resolver", what: resolver.directory, why: "no container needs it" }
        : { kind: "listener", what: netns, why: "no container has it" },
    claims(wanted) {
      const listeners = wanted.filter((one): one is ResolverListener => one.kind === "resolver");
      const paths = new Set(listeners.map(({ netns }) => netns));
      return ({ netns }) => (netns === undefined ? paths.size > 0 : paths.has(netns));
    },
    async free(items) {
      const namespaces = items.flatMap(({ netns }) => netns ?? []);
      if (namespaces.length < items.length) await resolver.end();
      else await resolver.leave(namespaces);
    },
  });
}

interface Item {
  /** Absent for the resolver itself. */
  readonly netns: string | undefined;
}
