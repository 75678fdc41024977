import type { Asked, ContainerRow, Resolver, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { HostResolvers } from "../names/host-resolvers.js";
import { LiveDirectory } from "../names/live-directory.js";
import { namesInLines } from "../names/name-map.js";
import { SandboxNames } from "../names/sandbox-names.js";
import { hostsFile } from "../sandbox/hosts-file.js";
import { usesResolver } from "../sandbox/uses-resolver.js";
import { knownPeers } from "./asked-peers.js";
import type { Caller } from "./journey.js";
import type { Landscape } from "./landscape.js";

/** What a caller has for a name, and who says so, in words. */
export interface Resolved {
  /** Undefined where it knows no such name. */
  readonly addresses: readonly string[] | undefined;
  readonly by: string;
  /** Whom its resolver asks, where the name is not tsd's to know. */
  readonly asks?: readonly string[];
  readonly nameOf: (address: string) => string | undefined;
}

export type Resolve = (name: string) => Resolved;

/**
 * Resolves names as a container does, by its resolver, or without one by its /etc/hosts as tsd keeps it. Undefined for a
 * caller whose names are not tsd's.
 */
export function resolverFor(
  { store, land }: { readonly store: Store; readonly land: Landscape },
  host: Pick<Resolver, "resolverFiles">,
  caller: Caller,
): Resolve | undefined {
  if (caller.kind !== "namespace") return undefined;
  const owner = caller.rows.flatMap(({ containerId = "" }) => store.containers.get(containerId) ?? [])[0];
  if (owner === undefined) return undefined;
  const directory = new LiveDirectory(store);
  const hostResolvers = new HostResolvers(host);
  const view = new SandboxNames({ store, directory, hostResolvers, elsewhere: knownPeers(land) }, owner);
  const nameOf = (address: string): string | undefined => atOnce(view.nameOf(address));
  if (!usesResolver(store, owner)) {
    const known = namesInLines(hostsFile(store, owner.id)?.content.split("\n") ?? []);
    return (name) => ({ addresses: known.get(name.toLowerCase()), by: `/etc/hosts of ${caller.name}`, nameOf });
  }
  const by = `the resolver of ${caller.name}`;
  return (name) => {
    const meaning = atOnce(view.meaning(name.toLowerCase())) ?? { kind: "unknown" };
    if (meaning.kind === "known") return { addresses: meaning.addresses, by, nameOf };
    return { addresses: undefined, by, nameOf, ...(meaning.kind === "foreign" ? { asks: view.upstream() } : {}) };
  };
}

/** Other hosts were asked before. */
function atOnce<T>(found: T | Asked): T | undefined {
  return found instanceof Promise ? undefined : found;
}

/**
 * The container of that name, of that alias on any network, or of that id; a name beats an alias, and that a part of an id.
 * Throws `conflict` for an alias of several containers, `not-found` for none.
 */
export function containerCalled({ containers, endpoints }: Store, ref: string): ContainerRow {
  const named = containers.named(ref);
  if (named !== undefined) return named;
  const aliased = endpoints.list().filter(({ endpoint }) => endpoint.aliases?.includes(ref));
  const rows = [...new Set(aliased.map(({ containerId = "" }) => containerId))].flatMap(
    (id) => containers.get(id) ?? [],
  );
  if (rows.length > 1) throw severalAliased(ref, rows);
  return rows[0] ?? resolveId(containers, ref);
}

function resolveId(containers: Store["containers"], ref: string): ContainerRow {
  try {
    return containers.resolve(ref);
  } catch (error) {
    if (!TsdError.is(error, "not-found") || !ref.includes(".")) throw error;
    throw new TsdError({
      kind: "not-found",
      code: error.code,
      message: `no container is called "${ref}"`,
      hint: `For another machine give its address, not its name: getent ahosts ${ref}`,
      details: { ref },
      cause: error,
    });
  }
}

function severalAliased(alias: string, rows: readonly ContainerRow[]): TsdError {
  const names = rows.map(({ container }) => container.name);
  return new TsdError({
    kind: "conflict",
    code: "TSD_ALIAS_AMBIGUOUS",
    message: `"${alias}" is an alias of several containers: ${names.join(", ")}`,
    hint: "Name one of them.",
    details: { alias, names },
  });
}
