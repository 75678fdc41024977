import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TsdError } from "../errors/tsd-error.js";
import { packageDirectory } from "../installation.js";

/** What `tsd plugin new` wrote. */
export interface PluginProject {
  readonly directory: string;
  /** Below the directory. */
  readonly files: readonly string[];
}

/** As the template calls it, and as npm would drop it from this package. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore" };
const NAME = "my-driver";

/** Drivers, packet filters and IPAM of tsd's own, and words that options have for them. */
export const ownNames: ReadonlySet<string> = new Set(
  "bridge host none container ns macvlan ipvlan vlan-bridge ptp overlay nftables iptables auto default".split(" "),
);

/**
 * Writes the project of a driver into the new directory. `node_modules` leads to this tsd, so that types and tests find it
 * at once. Throws `invalid-input` for a name that is none or one of tsd's own, `conflict` for a directory that exists.
 */
export function writePluginProject(name: string, directory: string): PluginProject {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) throw invalidName(name);
  if (ownNames.has(name)) throw ownName(name);
  const home = packageDirectory();
  makeDirectory(directory);
  const template = join(home, "share/plugin-template");
  const files = readdirSync(template).sort();
  for (const file of files) {
    const text = readFileSync(join(template, file), "utf8");
    writeFileSync(join(directory, RENAMED[file] ?? file), withName(text, name));
  }
  mkdirSync(join(directory, "node_modules/@tsdnet"), { recursive: true });
  symlinkSync(home, join(directory, "node_modules/@tsdnet/tsd"));
  return { directory, files: files.map((file) => RENAMED[file] ?? file) };
}

/** Codes of errors are in capitals. */
function withName(text: string, name: string): string {
  const capitals = (word: string): string => word.toUpperCase().replaceAll("-", "_");
  return text.replaceAll(NAME, name).replaceAll(capitals(NAME), capitals(name));
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_PLUGIN_PROJECT_EXISTS",
      message: `${path} exists already`,
      hint: "Choose another name, or another directory to work in.",
      details: { path },
    });
  }
}

function invalidName(name: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PLUGIN_PROJECT_NAME",
    message: `"${name}" is no name for a driver`,
    hint: "Use lower-case letters, digits and '-', a letter first, at most 63 of them.",
    details: { name },
  });
}

function ownName(name: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PLUGIN_PROJECT_OWN_NAME",
    message: `"${name}" is a name of tsd's own, which no plug-in can bring`,
    hint: "Choose another name.",
    details: { name },
  });
}
