import { constants } from "node:os";
import { boundaryOperation } from "../boundary-operation.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { MNT_DETACH, UMOUNT_NOFOLLOW } from "./mount-flags.js";

/**
 * Takes the topmost mount off a path, at once for lookups, and in fact once no process uses it. A missing mount is no error.
 */
export function unmount(path: string): void {
  boundaryOperation({ into: "mount", what: () => `unmount ${path}` }, () => {
    if (libc().umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) === 0) return;
    const errno = libc().errno();
    const { EINVAL, ENOENT } = constants.errno;
    if (errno !== EINVAL && errno !== ENOENT) throw kernelError({ operation: "unmount", object: path, errno });
  });
}
