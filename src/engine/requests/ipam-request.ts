import type { NetworkIpam, NetworkSpec } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { AskedIpam, IpamDrivers } from "../contracts/ipam-drivers.js";

/** docker's word for the IPAM driver of its own. */
const own = "default";

/** Which IPAM driver a network asks for; undefined for tsd's own table. Throws `invalid-input`. */
export function parseIpam(drivers: IpamDrivers, { ipam }: Pick<NetworkSpec, "ipam">): NetworkIpam | undefined {
  if (ipam === undefined) return undefined;
  const { driver: name, options = {} } = ipam;
  if (name !== own) {
    // Its own name is the whole one, where several mean it.
    const driver = requireIpam(drivers, name);
    return { driver: driver.name, options: driver.parseOptions(options) };
  }
  const [key] = Object.keys(options);
  if (key === undefined) return undefined;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_IPAM_OPTION",
    message: `tsd's own IPAM has no options, and "${key}" was given`,
    hint: "Name the IPAM driver that has it: --ipam-driver NAME.",
    details: { key },
  });
}

/** Throws `invalid-input` listing those there are. */
function requireIpam(drivers: IpamDrivers, name: string): AskedIpam {
  const driver = drivers.get(name);
  if (driver !== undefined) return driver;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_IPAM_UNKNOWN",
    message: `there is no IPAM driver "${name}"`,
    hint: `Use one of: ${[own, ...drivers.names()].join(", ")}.`,
    details: { driver: name },
  });
}
