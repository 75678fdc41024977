import { kernelError } from "../errno.js";

/** What node:fs has no calls for. Paths are bytes, since names need not be UTF-8. */
export interface FileCalls {
  /** Sets an extended attribute. Throws `kernel`. */
  setAttribute(path: Buffer, name: string, value: Buffer): void;
  /** Makes a named pipe. Throws `kernel`. */
  makePipe(path: Buffer, mode: number): void;
}

/** `S_IFIFO` of <sys/stat.h>. */
const S_IFIFO = 0o010000;

/** A path as C wants it, with a NUL at its end. */
function ended(path: Buffer): Buffer {
  return Buffer.concat([path, Buffer.of(0)]);
}

/** Loads koffi and binds mknod(2) and setxattr(2). */
export async function openFileCalls(): Promise<FileCalls> {
  const { default: koffi } = await import("koffi");
  const libc = koffi.load(null);
  const mknod = libc.func("int mknod(const void *path, unsigned int mode, uint64_t dev)");
  const setxattr = libc.func(
    "int setxattr(const void *path, const char *name, const void *value, size_t size, int flags)",
  );
  const check = (answer: number, operation: string, path: Buffer): void => {
    const errno = koffi.errno();
    if (answer !== 0) throw kernelError({ operation, object: path.toString(), errno });
  };
  return {
    setAttribute: (path, name, value) =>
      check(setxattr(ended(path), name, value, value.length, 0), `set attribute ${name} of`, path),
    makePipe: (path, mode) => check(mknod(ended(path), S_IFIFO | mode, 0), "make a pipe", path),
  };
}
