import type { ForwardChain } from "../../api/forwarding.js";
import { TsdError } from "../../errors/tsd-error.js";
import { readIfPresent } from "../files/read-if-present.js";
import { outputOf } from "../programs/output-of.js";
import type { HookedChain, Rule } from "./chain.js";
import { parseTable } from "./nft-rules.js";
import { type BaseChain, listBaseChains, listTables } from "./nftables-chains.js";
import { parseSavedTable } from "./saved-rules.js";

/** `enum nf_inet_hooks`; the bridge family numbers its hooks alike (<linux/netfilter_bridge.h>). */
const hookNumbers = { INPUT: 1, FORWARD: 2 } as const;
/** In the words of iptables(8): what is for the host itself, or what it forwards. */
export type Hook = keyof typeof hookNumbers;
const families: readonly string[] = ["inet", "ip", "ip6", "bridge"] satisfies ForwardChain["family"][];
/** tsd's own, of which every installation has the same. */
const OWN_TABLE = "tsd";
/** What nft(8) takes as a name in a command. The kernel takes any, and nft would read the rest as commands of its own. */
const nameOfNft = /^[a-zA-Z_.][\w/.-]*$/;

/**
 * Every chain of others that is asked about packets at the hook. Asking changes nothing: iptables-legacy would make a table
 * that is not there. A host without such chains costs no program. In the order of {@link families}, since the kernel lists
 * tables in the order of their making. Of chains of nftables only those that are `wanted`.
 */
export async function readForwardChains(
  wanted: (chain: BaseChain) => boolean = () => true,
  hook: Hook = "FORWARD",
): Promise<readonly HookedChain[]> {
  const lists = await Promise.all([nftChains(wanted, hook), legacyChain("ip", hook), legacyChain("ip6", hook)]);
  return lists.flat().sort((a, b) => families.indexOf(a.chain.family) - families.indexOf(b.chain.family));
}

async function nftChains(wanted: (chain: BaseChain) => boolean, hook: Hook): Promise<readonly HookedChain[]> {
  const found = hooked(hook).filter(wanted);
  if (found.length === 0) return [];
  const tables = listTables();
  const chains = found.map(async (base): Promise<readonly HookedChain[]> => {
    const state = tables.find(({ family, name }) => family === base.family && name === base.table);
    if (state === undefined || state.isDormant) return [];
    const { rules, table, closed } = await readBase(base);
    const why = state.isOwned ? "the process that owns its table alone may change it" : closed;
    const chain = {
      tool: "nft",
      family: base.family as ForwardChain["family"],
      table: base.table,
      name: base.name,
    } as const;
    return [{ chain, drops: base.policy === "drop", rules, table, ...(why === undefined ? {} : { closed: why }) }];
  });
  return (await Promise.all(chains)).flat();
}

function hooked(wanted: Hook): readonly BaseChain[] {
  try {
    return listBaseChains().filter(
      ({ family, table, hook }) => families.includes(family) && hook === hookNumbers[wanted] && table !== OWN_TABLE,
    );
  } catch (error) {
    // A kernel without nf_tables, or a user who may not read it.
    if (TsdError.is(error, "kernel") || TsdError.is(error, "permission")) return [];
    throw error;
  }
}

/** Without the nft program the policy alone is known. */
async function readBase({ family, table, name }: BaseChain): Promise<Pick<HookedChain, "rules" | "table" | "closed">> {
  if (![table, name].every((word) => nameOfNft.test(word))) {
    return { rules: [], table: new Map(), closed: "the program nft does not take its name" };
  }
  const json = await outputOf("nft", ["-j", "list", "table", family, table]);
  if (json === undefined) return { rules: [], table: new Map(), closed: "the program nft cannot read it" };
  const { chains, isOpaque } = parseTable(json);
  const known = isOpaque ? await readByIptables(family, table, chains) : chains;
  const closed = family === "bridge" ? { closed: "what it sees are frames between the ports of a bridge" } : {};
  return { rules: known.get(name) ?? [], table: known, ...closed };
}

/** The same rules with their matches, where iptables-nft is there to name them and sees the same chains. */
async function readByIptables(
  family: string,
  table: string,
  listed: ReadonlyMap<string, readonly Rule[]>,
): Promise<ReadonlyMap<string, readonly Rule[]>> {
  const text = await outputOf(`${family}tables-nft-save`, ["-t", table]);
  const saved = text === undefined ? undefined : parseSavedTable(text).chains;
  return new Map(
    [...listed].map(([name, rules]) => {
      const same = saved?.get(name);
      if (same === undefined || same.length !== rules.length) return [name, rules];
      return [
        name,
        rules.map(({ handle }, index) => ({ ...(handle === undefined ? {} : { handle }), ...(same[index] as Rule) })),
      ];
    }),
  );
}

async function legacyChain(family: "ip" | "ip6", name: Hook): Promise<readonly HookedChain[]> {
  const tables = readIfPresent(`/proc/net/${family}_tables_names`) ?? "";
  if (!tables.split("\n").includes("filter")) return [];
  const text = await outputOf(`${family}tables-legacy-save`, ["-t", "filter"]);
  if (text === undefined) return [];
  const { chains, drops } = parseSavedTable(text);
  const chain = { tool: "iptables-legacy", family, table: "filter", name } as const;
  return [{ chain, drops: drops.has(name), rules: chains.get(name) ?? [], table: chains }];
}
