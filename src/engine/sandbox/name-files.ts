import { isIP } from "node:net";
import type { ContainerSpec, File, Sandbox } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { refusesIPv6 } from "./ipv6-refusal.js";

/** The start of every container's /etc/hosts, see hosts(5). */
const localhost = "127.0.0.1\tlocalhost";
const localhost6 = "::1\tlocalhost ip6-localhost ip6-loopback";

/** Ends a line of /etc/hosts that tsd keeps true, as a comment. All other lines are the container's own. */
const mark = "\t# tsd";

/** The lines of /etc/hosts that do not depend on networks: localhost and what `--add-host` names. */
export function fixedHosts(spec: ContainerSpec, hostGateways: readonly string[]): readonly string[] {
  const local = refusesIPv6(spec) ? [localhost] : [localhost, localhost6];
  return [...local, ...addedHosts(spec, hostGateways)];
}

/** Lines for `--add-host NAME:ADDRESS`. Throws `invalid-input` where `host-gateway` has no meaning. */
export function addedHosts({ addHosts = [] }: ContainerSpec, hostGateways: readonly string[]): readonly string[] {
  return addHosts.flatMap((text) => {
    const { name, address } = parseAddedHost(text);
    if (address !== "host-gateway") return `${address}\t${name}`;
    if (hostGateways.length > 0) return hostGateways.map((gateway) => `${gateway}\t${name}`);
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_HOST_GATEWAY",
      message: `--add-host "${text}" asks for the host's address on a network, and the container is on none`,
      hint: "Name a network, or give an address.",
      details: { addHost: text },
    });
  });
}

function parseAddedHost(text: string): { readonly name: string; readonly address: string } {
  // docker takes an equals sign as well, since IPv6 addresses are full of colons.
  const [, name = "", rest = ""] = /^([^:=]*)[:=](.*)$/.exec(text) ?? [];
  const address = rest.replace(/^\[(.*)\]$/, "$1");
  const isAddress = isIP(address) !== 0 && !address.includes("%");
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name) && (isAddress || address === "host-gateway")) return { name, address };
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_ADD_HOST_INVALID",
    message: `--add-host "${text}" is not a name and an address`,
    hint: "Write NAME:ADDRESS, or NAME:host-gateway for the host itself.",
    details: { addHost: text },
  });
}

/** Refuses what {@link addedHosts} could not write. */
export function checkAddedHosts({ addHosts = [] }: ContainerSpec): void {
  for (const text of addHosts) parseAddedHost(text);
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
  return addresses.map((address) => `${address.split("/")[0]}\t${[...new Set(names)].join(" ")}${mark}`);
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
