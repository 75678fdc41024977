import type { Sweeper } from "../../api/provider.js";
import { listMounts } from "../files/mount-table.js";
import { unmount } from "../files/unmount.js";
import { sweeperOf } from "./sweeper-of.js";

/** Overlay mounts on `DIRECTORY/<id>/rootfs`, where containers have theirs. */
export function mountSweeper(directory: string): Sweeper {
  const place = /^[0-9a-f]{64}\/rootfs$/;
  return sweeperOf<string>({
    list: () =>
      listMounts()
        .filter(({ type, path }) => type === "overlay" && path.startsWith(`${directory}/`))
        .map(({ path }) => path)
        .filter((path) => place.test(path.slice(directory.length + 1))),
    orphanOf: (path) => ({ kind: "overlay", what: path, why: "no container that runs has it" }),
    claims(wanted) {
      const paths = new Set(wanted.flatMap((one) => (one.kind === "overlay" ? one.path : [])));
      return (path) => paths.has(path);
    },
    free(paths) {
      for (const path of paths) unmount(path);
    },
  });
}
