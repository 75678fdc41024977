import { isIP } from "node:net";
import type { HostRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Lines of /etc/hosts for `--add-host`. Throws `invalid-input` where the host's own address has no meaning. */
export function addedHosts(requests: readonly HostRequest[], hostGateways: readonly string[]): readonly string[] {
  return requests.flatMap(({ text, name, address }) => {
    if (address !== undefined) return `${address}\t${name}`;
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

/** `NAME:ADDRESS`, or `NAME:host-gateway` for the host itself. Throws `invalid-input`. */
export function parseAddedHost(text: string): HostRequest {
  // docker takes an equals sign as well, since IPv6 addresses are full of colons.
  const [, name = "", rest = ""] = /^([^:=]*)[:=](.*)$/.exec(text) ?? [];
  const address = rest.replace(/^\[(.*)\]$/, "$1");
  const isAddress = isIP(address) !== 0 && !address.includes("%");
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) {
    if (isAddress) return { text, name, address };
    if (address === "host-gateway") return { text, name };
  }
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_ADD_HOST_INVALID",
    message: `--add-host "${text}" is not a name and an address`,
    hint: "Write NAME:ADDRESS, or NAME:host-gateway for the host itself.",
    details: { addHost: text },
  });
}
