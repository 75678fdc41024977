import { TsdError } from "../../errors/tsd-error.js";

/** For an answer of a plug-in that is not what its contract says; `what` continues "it returned". */
export function malformed(what: string): TsdError {
  return new TsdError({ kind: "plugin", code: "TSD_PLUGIN_MALFORMED", message: `it returned ${what}` });
}
