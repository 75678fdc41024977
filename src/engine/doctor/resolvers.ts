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
      problem: `containers have no name server, since those of ${path} (${nameservers.join(", ")}) serve only the host and no file lists their upstream servers`,
      remedy: "Give each one: tsd run --dns ADDRESS; or have the resolver listen on an address of the host as well.",
    },
  ];
}
