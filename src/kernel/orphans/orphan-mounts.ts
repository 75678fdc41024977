import type { Sweeper } from "../../api/provider.js";
import { listMounts } from "../files/mount-table.js";
import { unmount } from "../files/unmount.js";
import { sweeperOf } from "./sweeper-of.js";

/** Mounts on `DIRECTORY/<id>/rootfs` and `DIRECTORY/<id>/shm`, where containers have theirs. */
export function mountSweeper(directory: string): Sweeper {
  const place = /^[0-9a-f]{64}\/(rootfs|shm)$/;
  const types = new Set(["overlay", "tmpfs"]);
  return sweeperOf<string>({
    list: () =>
      listMounts()
        .filter(({ type, path }) => types.has(type) && path.startsWith(`${directory}/`))
        .map(({ path }) => path)
        .filter((path) => place.test(path.slice(directory.length + 1))),
    orphanOf: (path) => ({
      kind: path.endsWith("/shm") ? "tmpfs" : "overlay",
      what: path,
      why: "no container that runs has it",
    }),
    claims(wanted) {
      const paths = new Set(wanted.flatMap((one) => (one.kind === "overlay" || one.kind === "tmpfs" ? one.path : [])));
      return (path) => paths.has(path);
    },
    free(paths) {
      for (const path of paths) unmount(path);
    },
  });
}
