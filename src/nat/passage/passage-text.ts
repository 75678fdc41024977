import type { ForwardChain, Passage } from "../../api/index.js";
import type { HookedChain, Rule } from "../../kernel/forward-chains/chain.js";
import type { PassageState } from "./passage-state.js";

/** A program and what it reads, as one transaction. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
}

/** Whatever comes in by the bridge, whatever goes out by it. */
const ways = ["i", "o"] as const;

/**
 * Puts the rules of a passage where the packets would be lost, in place of those that it has; undefined where there is nothing
 * to do. Pure.
 */
export function openingOf(passage: Passage, { chain }: HookedChain, state: PassageState): Command | undefined {
  const { own, others, passes, end } = state;
  if (passes || end === undefined) return undefined;
  if (chain.tool === "iptables-legacy") {
    const lines = ways.map(
      (way, index) =>
        `-I ${chain.name} ${end + 1 + index} -${way} ${passage.bridge} -m comment --comment ${passage.owner} -j ACCEPT`,
    );
    return legacyCommand(chain, [...own.map(legacyDeletion), ...lines]);
  }
  const { handle } = others[end] ?? {};
  const place = `${chain.family} ${chain.table} ${chain.name}`;
  const verb = handle === undefined ? `add rule ${place}` : `insert rule ${place} handle ${handle}`;
  const lines = ways.map((way) => `${verb} ${way}ifname "${passage.bridge}" counter accept comment "${passage.owner}"`);
  return nftCommand([...own.flatMap((rule) => nftDeletion(chain, rule)), ...lines]);
}

/** Takes rules of a passage away; undefined for none. Pure. */
export function closingOf(chain: ForwardChain, own: readonly Rule[]): Command | undefined {
  if (own.length === 0) return undefined;
  if (chain.tool === "iptables-legacy") return legacyCommand(chain, own.map(legacyDeletion));
  return nftCommand(own.flatMap((rule) => nftDeletion(chain, rule)));
}

function legacyDeletion({ line = "" }: Rule): string {
  return line.replace(/^-A/, "-D");
}

function nftDeletion({ family, table, name }: ForwardChain, { handle }: Rule): readonly string[] {
  return handle === undefined ? [] : [`delete rule ${family} ${table} ${name} handle ${handle}`];
}

function nftCommand(lines: readonly string[]): Command {
  return { program: "nft", args: ["-f", "-"], input: `${lines.join("\n")}\n` };
}

function legacyCommand({ family, table }: ForwardChain, lines: readonly string[]): Command {
  return {
    program: `${family}tables-legacy-restore`,
    args: ["--noflush", "-w"],
    input: [`*${table}`, ...lines, "COMMIT", ""].join("\n"),
  };
}
