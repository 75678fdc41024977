import { readIfPresent } from "./read-if-present.js";
import { said } from "./said.js";

interface Firewalls {
  readonly managers: readonly string[];
  readonly iptables: readonly ("legacy" | "nft")[];
}

/** Asking changes nothing: the tables of iptables-legacy are read where the kernel names those that exist. */
export async function firewalls(): Promise<Firewalls> {
  const tables = ((await said("nft", ["list", "tables"])) ?? "").split("\n");
  const isUfw = /^ENABLED=yes/m.test(readIfPresent("/etc/ufw/ufw.conf") ?? "");
  const hasLegacy = ["ip", "ip6"].some((family) => (readIfPresent(`/proc/net/${family}_tables_names`) ?? "") !== "");
  const hasNft = tables.some((table) => /^table ip6? (filter|nat|mangle|raw)$/.test(table));
  return {
    managers: [
      ...(tables.some((table) => table.endsWith(" firewalld")) ? ["firewalld"] : []),
      ...(isUfw ? ["ufw"] : []),
    ],
    iptables: [...(hasLegacy ? ["legacy" as const] : []), ...(hasNft ? ["nft" as const] : [])],
  };
}
