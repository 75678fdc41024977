import { readdirSync } from "node:fs";
import { isExecutable, isPluginName, searchPath } from "./search-path.js";

/** Names of the plug-ins that are installed, without `loopback`, which every container of tsd's has by itself. */
export function installedTypes(variable: string | undefined): readonly string[] {
  const found = searchPath(undefined, variable).flatMap((directory) =>
    namesIn(directory).filter((name) => isPluginName(name) && isExecutable(`${directory}/${name}`)),
  );
  return [...new Set(found)].filter((type) => type !== "loopback").sort();
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
