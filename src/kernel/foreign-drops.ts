import { TsdError } from "../errors/tsd-error.js";
import { type BaseChain, listBaseChains } from "./nftables-chains.js";
import { readIfPresent } from "./read-if-present.js";
import { said } from "./said.js";

/** <linux/netfilter.h>; the bridge family numbers its hooks alike (<linux/netfilter_bridge.h>). */
const NF_INET_FORWARD = 2;
const forwardingFamilies = new Set(["inet", "ip", "ip6", "bridge"]);

/**
 * Chains that drop forwarded packets unless a rule of theirs says otherwise, in words:
 * `table ip filter, chain FORWARD (policy drop)`. All are others': tsd's own chains accept by default. Asking changes
 * nothing: iptables-legacy would make a table that is not there.
 */
export async function foreignDrops(): Promise<readonly string[]> {
  const lists = await Promise.all([legacyDrops("ip"), legacyDrops("ip6")]);
  return [...nftablesDrops(), ...lists.flat()];
}

/** Of the families whose packets containers send. */
function nftablesDrops(): readonly string[] {
  return baseChains()
    .filter(
      ({ family, hook, policy }) => forwardingFamilies.has(family) && hook === NF_INET_FORWARD && policy === "drop",
    )
    .map(({ family, table, name }) => `table ${family} ${table}, chain ${name} (policy drop)`);
}

function baseChains(): readonly BaseChain[] {
  try {
    return listBaseChains();
  } catch (error) {
    // A kernel without nf_tables, or a user whom it tells nothing.
    if (TsdError.is(error, "kernel") || TsdError.is(error, "permission")) return [];
    throw error;
  }
}

async function legacyDrops(family: "ip" | "ip6"): Promise<readonly string[]> {
  const tables = readIfPresent(`/proc/net/${family}_tables_names`) ?? "";
  if (!tables.split("\n").includes("filter")) return [];
  const program = `${family}tables-legacy`;
  const rules = await said(program, ["--wait", "--list-rules", "FORWARD"]);
  return rules?.startsWith("-P FORWARD DROP") ? [`${program} table filter, chain FORWARD (policy drop)`] : [];
}
