import type { FirewallManager, Firewalls } from "../../contracts/index.js";
import { readIfPresent } from "../files/read-if-present.js";
import { outputOf } from "../programs/output-of.js";

/** Asking changes nothing: the tables of iptables-legacy are read where the kernel names those that exist. */
export async function firewalls(): Promise<Firewalls> {
  const lines = ((await outputOf("nft", ["list", "chains"])) ?? "").split("\n").map((line) => line.trim());
  const hasLegacy = ["ip", "ip6"].some((family) => (readIfPresent(`/proc/net/${family}_tables_names`) ?? "") !== "");
  const hasNft = lines.some((line) => /^table ip6? (filter|nat|mangle|raw) /.test(line));
  // The chain is in iptables-nft, where that is what it writes its rules with.
  const isFirewalld = lines.some((line) => line === "table inet firewalld {" || line === "chain FORWARD_ZONES {");
  return {
    managers: [...(isFirewalld ? [await firewalld()] : []), ...ufw()],
    iptables: [...(hasLegacy ? ["legacy" as const] : []), ...(hasNft ? ["nft" as const] : [])],
  };
}

async function firewalld(): Promise<FirewallManager> {
  const zones = await outputOf("firewall-cmd", ["--get-active-zones"]);
  return { name: "firewalld", erasesIptables: true, ...(zones === undefined ? {} : { zoned: parseZones(zones) }) };
}

/** What the lines `interfaces: eth0 eth1` and `sources: 10.88.0.0/16` of firewall-cmd(1) name. */
export function parseZones(text: string): ReadonlySet<string> {
  const lists = text.matchAll(/^\s+(?:interfaces|sources): (.*)$/gm);
  return new Set([...lists].flatMap(([, names = ""]) => names.split(" ").filter(Boolean)));
}

/** ufw(8) leaves chains of others in place unless it is configured to manage the built-in ones. */
function ufw(): readonly FirewallManager[] {
  if (!/^ENABLED=yes/m.test(readIfPresent("/etc/ufw/ufw.conf") ?? "")) return [];
  const erasesIptables = /^MANAGE_BUILTINS="?yes/m.test(readIfPresent("/etc/default/ufw") ?? "");
  return [{ name: "ufw", erasesIptables }];
}
