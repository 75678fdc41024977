import { statSync } from "node:fs";
import { TsdError } from "../errors/tsd-error.js";
import { canonicalPath } from "../kernel/files/canonical-path.js";

type Variable = "TSD_ROOT" | "TSD_RUN";

interface StateDirectories {
  readonly root: string;
  readonly run: string;
}

/**
 * The canonical paths of the two directories, which need not exist. Throws `invalid-input` naming the variable for what
 * cannot hold tsd's files, and for two that would hold each other's.
 */
export function stateDirectories(root: string, run: string): StateDirectories {
  const directories = { root: directory("TSD_ROOT", root), run: directory("TSD_RUN", run) };
  // crun takes what stands before a colon in the path of a log for the kind of the log.
  if (directories.run.includes(":")) throw refuse("TSD_RUN", directories.run, "has a colon in its name");
  if (directories.root === directories.run)
    throw refuse("TSD_RUN", directories.run, "is TSD_ROOT too, and both have a directory for containers");
  for (const [variable, inner, outer] of [
    ["TSD_RUN", directories.run, directories.root],
    ["TSD_ROOT", directories.root, directories.run],
  ] as const) {
    const taken = ownDirectories.find((name) => `${inner}/`.startsWith(`${outer}/${name}/`));
    if (taken !== undefined) throw refuse(variable, inner, `lies in ${outer}/${taken}, where tsd keeps other files`);
  }
  return directories;
}

/** What tsd makes below either. */
const ownDirectories = [
  "containers",
  "images",
  "logs",
  "reserve",
  "plugins",
  "netavark",
  "netns",
  "sandboxes",
  "resolver",
  "health",
  "timers",
  "agent",
  "docker",
  "wireguard",
];

function directory(variable: Variable, value: string): string {
  const path = canonicalPath(value);
  if (/\p{Cc}/u.test(path)) throw refuse(variable, path, "has a control character in its name");
  if (/^\/(proc|sys)(\/|$)/.test(path)) throw refuse(variable, path, "belongs to the kernel, and takes no files");
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) throw refuse(variable, path, "is a file");
  return path;
}

function refuse(variable: Variable, path: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: variable === "TSD_ROOT" ? "TSD_ROOT_INVALID" : "TSD_RUN_INVALID",
    message: `${variable}, the directory for ${variable === "TSD_ROOT" ? "tsd's state" : "running containers"}, cannot be ${path}: it ${why}`,
    hint: `Name another directory with ${variable}.`,
    details: { variable, path },
  });
}
