import { getSystemErrorMessage, getSystemErrorName } from "node:util";
import { TsdError } from "../../errors/tsd-error.js";

/**
 * What overlayfs understands as "hide what lies below" (Documentation/filesystems/overlayfs.rst, "whiteouts"). Paths are
 * bytes, since names on the disk need not be UTF-8.
 */
export interface Whiteouts {
  /** Hides the entry of that name in the layers below: a character device 0/0. Throws `kernel`. */
  hide(path: Buffer): void;
  /** Hides all that the directory holds in the layers below: trusted.overlay.opaque=y. Throws `kernel`. */
  hideContents(directory: Buffer): void;
}

/** `S_IFCHR` of <sys/stat.h>. */
const S_IFCHR = 0o020000;

/** A path as C wants it, with a NUL at its end. */
function ended(path: Buffer): Buffer {
  return Buffer.concat([path, Buffer.of(0)]);
}

/** Loads koffi and binds mknod(2) and lsetxattr(2). Both verbs need CAP_SYS_ADMIN or CAP_MKNOD in this user namespace. */
export async function openWhiteouts(): Promise<Whiteouts> {
  const { default: koffi } = await import("koffi");
  const libc = koffi.load(null);
  const mknod = libc.func("int mknod(const void *path, unsigned int mode, uint64_t dev)");
  const lsetxattr = libc.func(
    "int lsetxattr(const void *path, const char *name, const void *value, size_t size, int flags)",
  );

  const check = (answer: number, what: string, bytes: Buffer): void => {
    const errno = koffi.errno();
    if (answer === 0) return;
    const path = bytes.toString();
    throw new TsdError({
      kind: "kernel",
      code: "TSD_KERNEL_WHITEOUT",
      message: `${what} ${path} failed: ${getSystemErrorMessage(-errno)}`,
      details: { path, errno: getSystemErrorName(-errno) },
    });
  };
  return {
    hide: (path) => check(mknod(ended(path), S_IFCHR, 0), "mknod", path),
    hideContents: (directory) =>
      check(lsetxattr(ended(directory), "trusted.overlay.opaque", Buffer.from("y"), 1, 0), "setxattr", directory),
  };
}
