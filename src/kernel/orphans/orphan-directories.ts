import type { Sweeper } from "../../api/provider.js";
import { removeDirectory } from "../files/directory-resource.js";
import { namesIn } from "../files/names-in.js";
import { statusOf } from "../files/path-status.js";
import { sweeperOf } from "./sweeper-of.js";

/** Directories of `parent` whose names tsd gives, and that no row lists. `why` as in an orphan. */
export function directorySweeper(
  parent: string,
  { names, why }: { readonly names: RegExp; readonly why: string },
): Sweeper {
  return sweeperOf<string>({
    list: () =>
      namesIn(parent)
        .filter((name) => names.test(name))
        .map((name) => `${parent}/${name}`)
        .filter((path) => statusOf(path)?.isDirectory() === true),
    orphanOf: (path) => ({ kind: "directory", what: path, why }),
    claims(wanted) {
      const paths = new Set(wanted.flatMap((one) => (one.kind === "directory" ? one.path : [])));
      return (path) => paths.has(path);
    },
    async free(paths) {
      for (const path of paths) await removeDirectory({ kind: "directory", path });
    },
  });
}
