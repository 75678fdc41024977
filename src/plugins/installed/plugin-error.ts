import { TsdError, type TsdErrorInit } from "../../errors/tsd-error.js";

/** The error for a plug-in that is at fault itself. `plugin` is its name, or where it came from. */
export function pluginError(plugin: string, { details, ...init }: Omit<TsdErrorInit, "kind">): TsdError {
  return new TsdError({ kind: "plugin", ...init, details: { plugin, ...details } });
}
