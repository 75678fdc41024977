import { TsdError } from "../errors/tsd-error.js";
import { exec } from "./exec.js";
import { readIfPresent } from "./read-if-present.js";

/**
 * Chains that drop forwarded packets unless a rule of theirs says otherwise, in words:
 * `table ip filter, chain FORWARD (policy drop)`. All are others': tsd's own chains accept by default. Asking changes
 * nothing: iptables-legacy would make a table that is not there.
 */
export async function foreignDrops(): Promise<readonly string[]> {
  const lists = await Promise.all([nftablesDrops(), legacyDrops("ip"), legacyDrops("ip6")]);
  return lists.flat();
}

interface ChainListing {
  readonly nftables: readonly {
    readonly chain?: {
      readonly family: string;
      readonly table: string;
      readonly name: string;
      readonly hook?: string;
      readonly policy?: string;
    };
  }[];
}

async function nftablesDrops(): Promise<readonly string[]> {
  const listing = await said("nft", ["--json", "--terse", "list", "chains"]);
  if (listing === undefined) return [];
  const { nftables } = JSON.parse(listing) as ChainListing;
  return nftables.flatMap(({ chain }) =>
    chain?.hook === "forward" && chain.policy === "drop"
      ? [`table ${chain.family} ${chain.table}, chain ${chain.name} (policy drop)`]
      : [],
  );
}

async function legacyDrops(family: "ip" | "ip6"): Promise<readonly string[]> {
  const tables = readIfPresent(`/proc/net/${family}_tables_names`) ?? "";
  if (!tables.split("\n").includes("filter")) return [];
  const program = `${family}tables-legacy`;
  const rules = await said(program, ["--wait", "--list-rules", "FORWARD"]);
  return rules?.startsWith("-P FORWARD DROP") ? [`${program} table filter, chain FORWARD (policy drop)`] : [];
}

/** Undefined where the program is missing, or cannot work with this kernel, which then has no such chains. */
async function said(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await exec(program, args)).stdout;
  } catch (error) {
    if (TsdError.is(error, "unsupported") || TsdError.is(error, "runtime")) return undefined;
    throw error;
  }
}
