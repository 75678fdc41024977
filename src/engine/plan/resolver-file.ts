import { familyOf } from "../../api/address-family.js";
import type { File, Sandbox } from "../../api/index.js";
import type { ContainerRow, EndpointRow, Resolver, Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { asksResolver, containerResolvers, type Vantage } from "../host-facts/resolvers.js";
import { makerOf } from "../sandbox/sandbox.js";
import { usesResolver } from "../sandbox/uses-resolver.js";

/** The text of a container's /etc/resolv.conf; warns if it has no name server although the host has one. */
export function resolverText(
  { store, warn }: Pick<Parts, "store" | "warn">,
  host: Pick<Resolver, "resolverFiles">,
  { row, sharesHost }: { readonly row: ContainerRow; readonly sharesHost: boolean },
): string {
  const { name, spec } = (makerOf(store, row) ?? row).container;
  const endpoints = store.endpoints.ofContainer(row.id).filter(({ state }) => state !== "deleting");
  const from = sharesHost ? "host" : vantageOf(store, row, endpoints);
  const { text, outOfReach } = containerResolvers(host, spec, from);
  if (outOfReach.length > 0 && endpoints.length > 0) {
    warn(
      `container "${name}" has no name server: it cannot reach the host's (${outOfReach.join(", ")}), and no file lists others; give it one with --dns`,
    );
  }
  return text;
}

/**
 * The file as it must be, now that the container has joined its first network with names or left its last; undefined where it
 * asks as before. One that the container itself has changed stays as it is.
 */
export function turnedResolverFile(
  parts: Pick<Parts, "store" | "warn">,
  host: Pick<Resolver, "resolverFiles">,
  { row, listed }: { readonly row: ContainerRow; readonly listed: File },
): File | undefined {
  if (asksResolver(listed.content) === usesResolver(parts.store, row)) return undefined;
  const content = resolverText(parts, host, { row, sharesHost: false });
  const former = new Set([...(listed.replaces ?? []), listed.content]);
  former.delete(content);
  return { ...listed, content, replaces: [...former] };
}

function vantageOf(store: Store, row: ContainerRow, endpoints: readonly EndpointRow[]): Vantage {
  if (usesResolver(store, row)) return "resolver";
  const addresses = endpoints.flatMap(({ endpoint }) => endpoint.addresses);
  const isIn = (family: 4 | 6): boolean =>
    addresses.length === 0 || addresses.some((address) => familyOf(address) === family);
  return { families: ([4, 6] as const).filter(isIn) };
}

/** Path of a sandbox's resolv.conf. */
export function resolverPath({ directory }: Pick<Sandbox, "directory">): string {
  return `${directory}/resolv.conf`;
}
