import { printable } from "../../errors/printable.js";
import { TsdError } from "../../errors/tsd-error.js";

const LONGEST = 400;

/** For another's plug-in that fails or replies what it may not; `what` continues the sentence that names plug-in and verb. */
export function foreignFailure(
  subject: string,
  what: string,
  stderr = "",
  hint = "Report this to the author of the plug-in.",
): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_FOREIGN_PLUGIN_FAILED",
    message: `${subject}: ${saidShortly(what)}`,
    hint,
    ...(stderr === "" ? {} : { details: { stderr } }),
  });
}

/** The first line of what a plug-in said, as a part of one of tsd's. */
function saidShortly(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return printable(line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line);
}
