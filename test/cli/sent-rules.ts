import type { Step } from "../../src/api/index.js";

/** The texts that a plan says nft and iptables-restore would be given, in alphabetical order, without ids. */
export function plannedRules(steps: readonly Step[]): readonly string[] {
  const texts = steps.flatMap(({ sends }) => sends);
  return tidy(texts.flatMap((text) => /^(?:nft|ip6?tables)\S* .*<<'END'\n([\s\S]*?)\n?END$/.exec(text)?.[1] ?? []));
}

/** The texts that `--debug` says they were given, or that went to the kernel in place of nft, and were not refused. */
export function sentRules(debug: string): readonly string[] {
  const told = debug
    .split(/^tsd: debug: /m)
    .filter((line) => !/: refused: .*\n$/.test(line))
    .flatMap((line) => /^\S+ ms ! \w+ \(\S+ ms\) ([\s\S]*)$/.exec(line)?.[1] ?? []);
  const program = /^(?:(?:nft|ip6?tables)\S* .*?<<< )?(\{"nftables"[\s\S]*|(?:add|flush) table[\s\S]*|\*[\s\S]*)$/;
  return tidy(told.flatMap((text) => program.exec(text)?.[1] ?? []));
}

function tidy(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.trim().replaceAll(/[0-9a-f]{11,}/g, "#")).sort();
}
