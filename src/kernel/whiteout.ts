import { getSystemErrorMessage, getSystemErrorName } from "node:util";
import { TsdError } from "../errors/tsd-error.js";

/** What overlayfs understands as "hide what lies below" (Documentation/filesystems/overlayfs.rst, "whiteouts"). */
export interface Whiteouts {
  /** Hides the entry of that name in the layers below: a character device 0/0. Throws `kernel`. */
  hide(path: string): void;
  /** Hides all that the directory holds in the layers below: trusted.overlay.opaque=y. Throws `kernel`. */
  hideContents(directory: string): void;
}

/** `S_IFCHR` of <sys/stat.h>. */
const S_IFCHR = 0o020000;

/** Loads koffi and binds mknod(2) and lsetxattr(2). Both verbs need CAP_SYS_ADMIN or CAP_MKNOD in this user namespace. */
export async function openWhiteouts(): Promise<Whiteouts> {
  const { default: koffi } = await import("koffi");
  const libc = koffi.load("libc.so.6");
  const mknod = libc.func("int mknod(const char *path, unsigned int mode, uint64_t dev)");
  const lsetxattr = libc.func(
    "int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)",
  );

  const check = (answer: number, what: string, path: string): void => {
    const errno = koffi.errno();
    if (answer === 0) return;
    throw new TsdError({
      kind: "kernel",
      code: "TSD_KERNEL_WHITEOUT",
      message: `${what} ${path} failed: ${getSystemErrorMessage(-errno)}`,
      details: { path, errno: getSystemErrorName(-errno) },
    });
  };
  return {
    hide: (path) => check(mknod(path, S_IFCHR, 0), "mknod", path),
    hideContents: (directory) =>
      check(lsetxattr(directory, "trusted.overlay.opaque", Buffer.from("y"), 1, 0), "setxattr", directory),
  };
}
