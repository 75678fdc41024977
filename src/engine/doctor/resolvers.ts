import type { Finding } from "../../api/index.js";
import type { Resolver } from "../../contracts/index.js";
import { reachable } from "../host-facts/resolvers.js";

/** A resolver that serves only the host, with no file that lists its upstream servers. */
export function unreachableResolvers(host: Pick<Resolver, "resolverFiles">): readonly Finding[] {
  const files = host.resolverFiles();
  const [{ path, nameservers }] = files;
  if (nameservers.length === 0 || reachable(files, { families: [4, 6] }).length > 0) return [];
  return [
    {
      problem: `containers on the default network have no name server, since those of ${path} (${nameservers.join(", ")}) serve only the host and no file lists their upstream servers`,
      remedy:
        "Put them on a network that you make, whose resolver asks those; or give each a name server: tsd run --dns ADDRESS.",
    },
  ];
}
