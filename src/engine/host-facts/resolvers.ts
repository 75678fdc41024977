import { familyOf } from "../../api/address-family.js";
import type { ContainerSpec } from "../../api/index.js";
import type { Resolver, ResolverFile } from "../../contracts/index.js";

/** Where tsd's resolver listens in the namespace of a container, as docker's does. */
const RESOLVER_ADDRESS = "127.0.0.11";

/** Whom a container asks: tsd's resolver, or name servers from the host's own namespace or another, with addresses of these families. */
export type Vantage = "resolver" | "host" | { readonly families: readonly (4 | 6)[] };

export interface Resolvers {
  /** Of resolv.conf(5). */
  readonly text: string;
  /** Name servers of the host of which none can be asked from there; empty where any can, or the host has none. */
  readonly outOfReach: readonly string[];
}

/** A container's /etc/resolv.conf. On the host's network it is the host's, byte for byte, unless the caller says otherwise. */
export function containerResolvers(
  host: Pick<Resolver, "resolverFiles">,
  { dns, dnsSearch, dnsOptions }: ContainerSpec,
  from: Vantage,
): Resolvers {
  const files = host.resolverFiles();
  const [own] = files;
  if (from === "host" && dns === undefined && dnsSearch === undefined && dnsOptions === undefined) {
    return { text: own.text, outOfReach: [] };
  }
  const servers = from === "resolver" ? [RESOLVER_ADDRESS] : (dns ?? reachable(files, from));
  const search = dnsSearch ?? own.search;
  const given = dnsOptions ?? own.options;
  const options = from === "resolver" ? asIsFirst(given) : given;
  const lines = [
    ...servers.map((server) => `nameserver ${server}`),
    ...(search.length > 0 ? [`search ${search.join(" ")}`] : []),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
  ];
  return { text: lines.map((line) => `${line}\n`).join(""), outOfReach: servers.length > 0 ? [] : own.nameservers };
}

/** True for the text of one that asks tsd's resolver. */
export function asksResolver(text: string): boolean {
  return text.startsWith(`nameserver ${RESOLVER_ADDRESS}\n`);
}

/** The resolver knows bare names: they are asked for as they stand before they are looked for in domains, unless `ndots` is given. */
function asIsFirst(options: readonly string[]): readonly string[] {
  return options.some((option) => /^ndots:\d+$/.test(option)) ? options : [...options, "ndots:0"];
}

/**
 * The name servers of the first file that names one which can be asked from there. A resolver on the host's loopback cannot,
 * and then the files count that list its upstream servers.
 */
export function reachable(files: readonly ResolverFile[], from: Exclude<Vantage, "resolver">): readonly string[] {
  const known = files.map(({ nameservers }) => nameservers.filter((server) => isReachable(server, from)));
  return known.find((servers) => servers.length > 0) ?? [];
}

function isReachable(server: string, from: Exclude<Vantage, "resolver">): boolean {
  if (from === "host") return true;
  if (familyOf(server) === 4) return /^(?!127\.|0\.)\d+\.\d+\.\d+\.\d+$/.test(server) && from.families.includes(4);
  // Link-local addresses mean a link of the host's, with a zone (RFC 4007) or without.
  const isNear = server.includes("%") || /^(fe[89ab]|::1$|::$|::ffff:(127|0)\.)/i.test(server);
  return !isNear && from.families.includes(6);
}
