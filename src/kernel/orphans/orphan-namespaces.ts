import type { Sweeper } from "../../api/provider.js";
import { namesIn } from "../files/names-in.js";
import { dropNetns, isBareMountPoint } from "../netns/named-netns.js";
import { isNetns } from "../netns/netns.js";
import { sweeperOf } from "./sweeper-of.js";

/** Namespaces of `directory` under names as tsd gives them, and the empty files that they were to be bound to. */
export function namespaceSweeper(directory: string): Sweeper {
  return sweeperOf<string>({
    list: () =>
      namesIn(directory)
        .filter((name) => /^[0-9a-f]{12}$/.test(name))
        .map((name) => `${directory}/${name}`)
        .filter((path) => isNetns(path) || isBareMountPoint(path)),
    orphanOf: (path) => ({ kind: "namespace", what: path, why: "no container has it" }),
    claims(wanted) {
      const paths = new Set(wanted.flatMap((one) => (one.kind === "netns" ? one.path : [])));
      return (path) => paths.has(path);
    },
    free(paths) {
      for (const path of paths) dropNetns(path);
    },
  });
}
