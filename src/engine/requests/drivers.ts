import type { Network, NetworkDriver } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Drivers } from "../contracts/drivers.js";

/** The driver of that name. Throws `invalid-input` listing those there are. */
export function requireDriver(drivers: Pick<Drivers, "get" | "names">, type: string): NetworkDriver {
  const driver = drivers.get(type);
  if (driver !== undefined) return driver;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_DRIVER_UNKNOWN",
    message: `there is no network driver "${type}"`,
    hint: `Use one of: ${drivers.names().join(", ")}; a plug-in of another engine by cni:TYPE, docker:NAME or netavark:NAME; or install the plug-in that brings it: tsd plugin add PACKAGE`,
    details: { driver: type },
  });
}

/** The driver of a network that exists. Throws `plugin` naming the plug-in to install if nothing brings the driver any more. */
export function driverOf(
  drivers: Pick<Drivers, "get">,
  { name, driver: type, extension }: Pick<Network, "name" | "driver" | "extension">,
): NetworkDriver {
  const driver = drivers.get(type);
  if (driver !== undefined) return driver;
  const plugin = extension === undefined ? "a plug-in" : `plug-in "${extension}"`;
  throw new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_MISSING",
    message: `network "${name}" needs its driver "${type}", which ${plugin} brings, and that is not installed`,
    hint: `Install it: tsd plugin add ${extension ?? "PACKAGE"}`,
    details: { network: name, driver: type, ...(extension === undefined ? {} : { plugin: extension }) },
  });
}

/** What `work` returns; undefined if the plug-in that it needs is gone or fails, for callers that can do without. */
export function withoutPlugin<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (TsdError.is(error, "plugin")) return undefined;
    throw error;
  }
}
