import { accessSync, constants, statSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import { pathFault } from "../../kernel/files/path-fault.js";

/**
 * A program that is run with the caller's rights must be one that only the caller or root can have put there, see {@link pathFault}:
 * a regular file that is executable. Throws `plugin`.
 */
export function requireProgram(subject: string, file: string): void {
  const fault = pathFault(file) ?? faultOf(file);
  if (fault === undefined) return;
  throw new TsdError({
    kind: "plugin",
    code: "TSD_FOREIGN_PLUGIN_UNFIT",
    message: `${subject}: its program ${file} ${fault}`,
    hint: "Install the plug-in as an executable file of root's, in directories that root alone can change.",
    details: { file },
  });
}

function faultOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return "is missing";
  if (!found.isFile()) return "is not a regular file";
  try {
    accessSync(file, constants.X_OK);
    return undefined;
  } catch {
    return "is not executable";
  }
}
