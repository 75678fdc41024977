import type { NetworkDriver } from "../../api/index.js";
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
    hint: `Use one of: ${drivers.names().join(", ")}; or install the plug-in that brings it: tsd plugin add PACKAGE`,
    details: { driver: type },
  });
}
