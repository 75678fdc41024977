import { isIP } from "node:net";
import type { ContainerSpec } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

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
