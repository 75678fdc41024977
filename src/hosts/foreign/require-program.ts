import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { TsdError } from "../../errors/tsd-error.js";

/** Of stat(2): writable by group, by others. */
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/**
 * A program that is run with the caller's rights must be one that only the caller or root can have written: a regular file that
 * is executable, owned by either, and that no other user or group can change. Symbolic links are followed. Throws `plugin`.
 */
export async function requireProgram(subject: string, file: string): Promise<void> {
  const fault = await faultOf(file);
  if (fault === undefined) return;
  throw new TsdError({
    kind: "plugin",
    code: "TSD_FOREIGN_PLUGIN_UNFIT",
    message: `${subject}: its program ${file} ${fault}`,
    hint: "Install the plug-in again, as an executable file of root's.",
    details: { file },
  });
}

async function faultOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return "is missing";
  if (!found.isFile()) return "is not a regular file";
  const isExecutable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isExecutable) return "is not executable";
  if (found.uid !== 0 && found.uid !== process.geteuid?.()) return `belongs to user ${found.uid}, and not to root`;
  const groupWrites = (found.mode & GROUP_WRITES) !== 0 && found.gid !== 0;
  return groupWrites || (found.mode & OTHERS_WRITE) !== 0 ? "can be changed by other users" : undefined;
}
