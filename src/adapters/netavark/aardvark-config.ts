import { familyOf, withoutPrefix } from "../../api/index.js";

/**
 * The files that aardvark-dns reads, one for each network. The first line has the addresses that it listens on and the
 * network's own nameservers, each other line a container: `ID IPV4,… IPV6,… NAME,… [NAMESERVER,…]`, with nothing between
 * two spaces where there is none (src/config/mod.rs of aardvark-dns).
 */
export interface NameEntry {
  readonly containerId: string;
  /** With or without prefix length. */
  readonly addresses: readonly string[];
  readonly names: readonly string[];
  readonly servers: readonly string[];
}

export interface NameNetwork {
  readonly gateways: readonly string[];
  readonly servers: readonly string[];
}

/** The file with an entry more; an earlier one of the same container goes. `text` is empty where there is no file. */
export function withEntry(text: string, network: NameNetwork, entry: NameEntry): string {
  const kept = withoutEntry(text, entry.containerId);
  return `${kept === "" ? `${headOf(network)}\n` : kept}${lineOf(entry)}\n`;
}

/** The file without a container; empty where no other is left. */
export function withoutEntry(text: string, containerId: string): string {
  const [head = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const kept = lines.filter((line) => line.split(" ", 1)[0] !== containerId);
  return kept.length === 0 ? "" : [head, ...kept, ""].join("\n");
}

/** The file with other nameservers for its network. */
export function withServers(text: string, servers: readonly string[]): string {
  const [head = "", ...lines] = text.split("\n");
  return [headOf({ gateways: [head.split(" ", 1)[0] ?? ""], servers }), ...lines].join("\n");
}

function headOf({ gateways, servers }: NameNetwork): string {
  return [gateways.join(","), ...(servers.length === 0 ? [] : [servers.join(",")])].join(" ");
}

function lineOf({ containerId, addresses, names, servers }: NameEntry): string {
  const of = (family: 4 | 6): string =>
    addresses
      .filter((address) => familyOf(address) === family)
      .map(withoutPrefix)
      .join(",");
  // What would break the line is no name that anybody could ask for.
  const usable = [...new Set(names)].filter((name) => /^[^\s,]+$/.test(name));
  return [containerId, of(4), of(6), usable.join(","), ...(servers.length === 0 ? [] : [servers.join(",")])].join(" ");
}
