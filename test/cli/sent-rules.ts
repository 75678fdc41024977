import type { Step } from "../../src/api/index.js";

/** The texts that a plan says nft and iptables-restore would be given, in alphabetical order, without ids. */
export function plannedRules(steps: readonly Step[]): readonly string[] {
  const texts = steps.flatMap(({ sends }) => sends);
  return tidy(texts.flatMap((text) => /^(?:nft|ip6?tables)\S* .*<<'END'\n([\s\S]*?)\n?END$/.exec(text)?.[1] ?? []));
}

/** The texts that `--debug` says they were given, or that went to the kernel in place of nft, likewise. */
export function sentRules(debug: string): readonly string[] {
  const told = debug
    .split(/^tsd: debug: /m)
    .flatMap((line) => /^\S+ ms ! \w+ \(\S+ ms\) ([\s\S]*)$/.exec(line)?.[1] ?? []);
  return tidy(
    told.flatMap(
      (text) =>
        /^(?:(?:nft|ip6?tables)\S* .*?<<< )?(\{"nftables"[\s\S]*|(?:add|flush) table[\s\S]*|\*[\s\S]*)$/.exec(
          text,
        )?.[1] ?? [],
    ),
  );
}

/** What is tried in vain before a table is made is sent twice. */
function tidy(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => text.trim().replaceAll(/[0-9a-f]{11,}/g, "#")))].sort();
}

/**
 * Without unplanned creations, which are tried in vain where what they create is there: had one made anything, the machine
 * would differ from the plan.
 */
export function withoutVain(sent: readonly string[], planned: readonly string[]): readonly string[] {
  return sent.filter((text) => planned.includes(text) || !isCreation(text));
}

function isCreation(text: string): boolean {
  if (!text.startsWith("{")) return false;
  const { nftables } = JSON.parse(text) as { readonly nftables: readonly object[] };
  return nftables.every((change) => "create" in change || "flush" in change);
}
