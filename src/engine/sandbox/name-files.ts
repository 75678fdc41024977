import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { Endpoint, File, Sandbox } from "../../api/index.js";
import type { ContainerRow } from "../../contracts/index.js";
import { addedHosts } from "../requests/added-hosts.js";
import { requestsOf } from "../requests/container-requests.js";
import { refusesIPv6 } from "./ipv6-refusal.js";

/** The start of every container's /etc/hosts, see hosts(5). */
const localhost = "127.0.0.1\tlocalhost";
const localhost6 = "::1\tlocalhost ip6-localhost ip6-loopback";

/** Ends a line of /etc/hosts that tsd keeps true, as a comment. All other lines are the container's own. */
const mark = "\t# tsd";

/** The lines of /etc/hosts that do not depend on networks: localhost and what `--add-host` names. */
export function fixedHosts(row: ContainerRow, hostGateways: readonly string[]): readonly string[] {
  const local = refusesIPv6(row.container.spec) ? [localhost] : [localhost, localhost6];
  return [...local, ...addedHosts(requestsOf(row).addHosts, hostGateways)];
}

/** /etc/hostname, and /etc/resolv.conf with the text of resolv.conf(5). */
export function nameFiles(sandbox: Sandbox, resolvers: string): readonly File[] {
  return [
    nameFile(sandbox, "hostname", [sandbox.hostname]),
    { ...nameFile(sandbox, "resolv.conf", []), content: resolvers },
  ];
}

/** Names of a container's host in the order of hosts(5), the full one first and the short one last. */
export function hostNames({ hostname, domainname }: Sandbox): readonly string[] {
  const full = domainname === undefined ? hostname : `${hostname}.${domainname}`;
  return [...new Set([full, hostname, hostname.split(".", 1)[0] ?? hostname])];
}

/** A line of /etc/hosts that tsd keeps true for each address, which may have a prefix length. */
export function keptLines(addresses: readonly string[], names: readonly string[]): readonly string[] {
  return addresses.map((address) => `${withoutPrefix(address)}\t${[...new Set(names)].join(" ")}${mark}`);
}

export function speaksIPv6({ addresses }: Pick<Endpoint, "addresses">): boolean {
  return addresses.some((address) => familyOf(address) === 6);
}

/** Whether an endpoint can call an address: one that has IPv6 switched off does not hear of such. */
export function isSpoken(endpoint: Pick<Endpoint, "addresses">): (address: string) => boolean {
  const speaks6 = speaksIPv6(endpoint);
  return (address) => speaks6 || familyOf(address) === 4;
}

/** A file that belongs to the container from its start on, but for lines of {@link keptLines}. */
export function nameFile(
  { directory }: Sandbox,
  name: "hosts" | "hostname" | "resolv.conf",
  lines: readonly string[],
): File {
  return {
    kind: "file",
    path: `${directory}/${name}`,
    content: lines.map((line) => `${line}\n`).join(""),
    mode: 0o644,
    mark,
  };
}
