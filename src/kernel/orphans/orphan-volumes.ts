import { readdirSync } from "node:fs";
import type { Orphan, Sweeper } from "../../api/provider.js";
import { namesIn } from "../files/names-in.js";
import { statusOf } from "../files/path-status.js";
import { removeVolume } from "../volumes/volume-directory.js";
import { sweeperOf } from "./sweeper-of.js";

/**
 * Directories of volumes that no row lists. One with data in it goes only with `force`: its row may be lost, and somebody may look
 * for it.
 */
export function volumeSweeper(parent: string): Sweeper {
  const sweeper = sweeperOf<string>({
    list: () =>
      namesIn(parent)
        .map((name) => `${parent}/${name}`)
        .filter((path) => statusOf(path)?.isDirectory() === true),
    orphanOf,
    claims(wanted) {
      const paths = new Set(wanted.flatMap((one) => (one.kind === "volume" ? one.path : [])));
      return (path) => paths.has(path);
    },
    async free(paths) {
      for (const path of paths) await removeVolume({ kind: "volume", path });
    },
  });
  return {
    orphans: (wanted) => sweeper.orphans(wanted),
    sweep: (orphans, options) =>
      sweeper.sweep(options?.force ? orphans : orphans.filter(({ what }) => !holdsData(what)), options),
  };
}

function orphanOf(path: string): Orphan {
  const why = holdsData(path) ? "no volume has it; it holds data, and goes with tsd gc --force" : "no volume has it";
  return { kind: "volume", what: path, why };
}

function holdsData(path: string): boolean {
  try {
    return readdirSync(`${path}/_data`).length > 0;
  } catch {
    return false;
  }
}
