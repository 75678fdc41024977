import type { NetworkDriver } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** The driver of that name. Throws `invalid-input` listing those there are. */
export function requireDriver(drivers: ReadonlyMap<string, NetworkDriver>, type: string): NetworkDriver {
  const driver = drivers.get(type);
  if (driver !== undefined) return driver;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_DRIVER_UNKNOWN",
    message: `there is no network driver "${type}"`,
    hint: `Use one of: ${[...drivers.keys()].sort().join(", ")}.`,
    details: { driver: type },
  });
}
