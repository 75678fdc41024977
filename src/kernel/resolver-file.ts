/** What resolv.conf(5) says beside its nameservers. */
export interface ResolverOptions {
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/** Addresses after the word `nameserver`, without zones. */
export function parseNameservers(text: string): readonly string[] {
  const lines = text.matchAll(/^[ \t]*nameserver[ \t]+([^\s%]+)/gm);
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
