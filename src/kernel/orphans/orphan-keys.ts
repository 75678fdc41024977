import type { Sweeper } from "../../api/provider.js";
import type { Resource } from "../../api/resource.js";
import { removeFile } from "../files/file-resource.js";
import { namesIn } from "../files/names-in.js";
import { sweeperOf } from "./sweeper-of.js";

/** Private keys of WireGuard that no network of this host has. One that was about to be listed is drawn again. */
export function keySweeper(directory: string): Sweeper {
  return sweeperOf<string>({
    list: () => namesIn(directory),
    orphanOf: (name) => ({ kind: "key", what: `${directory}/${name}`, why: "no network here has it" }),
    claims(wanted) {
      const names = new Set(wanted.flatMap(keyName));
      return (name) => names.has(name);
    },
    free(names) {
      for (const name of names) removeFile({ kind: "file", path: `${directory}/${name}`, content: "" });
    },
  });
}

function keyName(resource: Resource): readonly string[] {
  return resource.kind === "wireguard" ? [`${resource.network}.${resource.generation}`] : [];
}
