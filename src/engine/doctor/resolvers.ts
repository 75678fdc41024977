import type { Finding } from "../../api/index.js";
import type { Resolver } from "../../contracts/index.js";
import { reachable } from "../host-facts/resolvers.js";

/** A resolver that answers the host alone, and says nowhere whom it asks. */
export function unreachableResolvers(host: Pick<Resolver, "resolverFiles">): readonly Finding[] {
  const files = host.resolverFiles();
  const [{ path, nameservers }] = files;
  if (nameservers.length === 0 || reachable(files, { families: [4, 6] }).length > 0) return [];
  return [
    {
      problem: `containers have no name server, since those of ${path} (${nameservers.join(", ")}) answer the host alone and no file tells whom they ask`,
      remedy: "Give each one: tsd run --dns ADDRESS; or have the resolver listen on an address of the host as well.",
    },
  ];
}
