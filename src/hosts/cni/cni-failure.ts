import type { TsdError } from "../../errors/tsd-error.js";
import { foreignFailure } from "../foreign/foreign-failure.js";

/** How errors begin that a plug-in is the cause of. */
export function subjectOf(type: string, verb: string): string {
  return `CNI plug-in "${type}", verb ${verb}`;
}

export function pluginFailure(type: string, verb: string, what: string, stderr?: string): TsdError {
  return foreignFailure(subjectOf(type, verb), what, stderr);
}
