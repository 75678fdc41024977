import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { nearestWord } from "../../errors/nearest-word.js";
import { TsdError } from "../../errors/tsd-error.js";
import { pathFault } from "../../kernel/files/path-fault.js";
import { ownTypes } from "./plugin-roles.js";

/** Where plug-ins are by custom: CNI's own directory, and those of Debian's and Fedora's packages. */
const customary = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];

/** The option that names directories of plug-ins. */
export const PATH_OPTION = "CNI_PATH";

/** Directories of plug-ins: those that the option names, else the caller's variable, else where they are by custom. */
export function searchPath(option: string | undefined, variable: string | undefined): readonly string[] {
  const given = (option ?? variable ?? "").split(":").filter((directory) => directory !== "");
  const relative = given.find((directory) => !isAbsolute(directory));
  if (relative !== undefined)
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_CNI_PATH",
      message: `${PATH_OPTION} names the directory "${relative}", which is not an absolute path`,
      hint: "Give absolute paths with colons between them: /opt/cni/bin:/usr/lib/cni",
      details: { path: given },
    });
  return given.length === 0 ? customary : given;
}

/** A plug-in's type is the name of its file, so that it leads to no other directory (SPEC.md, `type`). */
export function isPluginName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text);
}

/** The program of a plug-in; undefined where none of the directories has it. */
export function findPlugin(type: string, path: readonly string[]): string | undefined {
  return isPluginName(type) ? path.map((directory) => join(directory, type)).find(exists) : undefined;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Those of the directories that exist. A plug-in runs others that it finds there, so others than root may change none of them. Throws
 * `plugin`.
 */
export function usableDirectories(path: readonly string[]): readonly string[] {
  return path.filter((directory) => {
    if (!exists(directory)) return false;
    const fault = pathFault(directory);
    if (fault === undefined) return true;
    throw new TsdError({
      kind: "plugin",
      code: "TSD_CNI_PATH_UNFIT",
      message: `the directory ${directory} of CNI plug-ins ${fault}`,
      hint: `Give it and all directories above it to root, for root alone to change, or leave it out of ${PATH_OPTION}.`,
      details: { directory },
    });
  });
}

/** Throws `plugin` naming the directories. */
export function requirePlugin(type: string, path: readonly string[]): string {
  const found = findPlugin(type, usableDirectories(path));
  if (found !== undefined) return found;
  const nearest = nearestWord(type, ownTypes);
  throw new TsdError({
    kind: "plugin",
    code: "TSD_CNI_MISSING",
    message: `there is no CNI plug-in "${type}" in ${path.join(" or ")}`,
    hint:
      nearest !== undefined && nearest !== type
        ? `Did you mean \`${nearest}\`?`
        : `Install it there (Debian: apt-get install containernetworking-plugins), or name its directory: ${PATH_OPTION}=DIRECTORY`,
    details: { type, path },
  });
}
