import type { ResolverFile } from "../../contracts/index.js";
import { readIfPresent } from "../files/read-if-present.js";

const RESOLVER_FILE = "/etc/resolv.conf";

/** Where a resolver that listens on the host's loopback says whom it asks in turn, in the form of resolv.conf(5). */
const UPSTREAM_FILES = [
  // systemd-resolved(8)
  "/run/systemd/resolve/resolv.conf",
  // NetworkManager.conf(5), dns=dnsmasq and dns=systemd-resolved
  "/run/NetworkManager/no-stub-resolv.conf",
  // dnsmasq(8) under resolvconf(8), and connmand(8)
  "/run/dnsmasq/resolv.conf",
  "/run/connman/resolv.conf",
] as const;

/** What resolv.conf(5) says beside its nameservers. */
type ResolverOptions = Pick<ResolverFile, "search" | "options">;

/** /etc/resolv.conf, empty where it is missing, then those of {@link UPSTREAM_FILES} that exist. */
export function readResolverFiles(): readonly [ResolverFile, ...ResolverFile[]] {
  const upstream = UPSTREAM_FILES.flatMap((path) => {
    const text = readIfPresent(path);
    return text === undefined ? [] : parseResolverFile(path, text);
  });
  return [parseResolverFile(RESOLVER_FILE, readIfPresent(RESOLVER_FILE) ?? ""), ...upstream];
}

function parseResolverFile(path: string, text: string): ResolverFile {
  return { path, text, nameservers: parseNameservers(text), ...parseResolverOptions(text) };
}

/** What stands after the word `nameserver`: addresses, perhaps with a zone. */
export function parseNameservers(text: string): readonly string[] {
  const lines = text.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm);
  return Array.from(lines, ([, address = ""]) => address);
}

/** Of `search` and its elder `domain` the last line counts; `options` add up. */
export function parseResolverOptions(text: string): ResolverOptions {
  const lines = Array.from(text.matchAll(/^[ \t]*(search|domain|options)[ \t]+(.*)$/gm), ([, word, rest = ""]) => ({
    word,
    values: rest.trim().split(/\s+/).filter(Boolean),
  }));
  return {
    search: lines.findLast(({ word }) => word !== "options")?.values ?? [],
    options: lines.flatMap(({ word, values }) => (word === "options" ? values : [])),
  };
}
