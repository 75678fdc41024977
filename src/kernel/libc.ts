import koffi from "koffi";
import { libcPrototypes } from "./libc-prototypes.js";

/**
 * The system calls that tsd makes itself, under their C names: -1 is failure, and {@link Libc.errno} says why. Buffers
 * are passed as they are; `undefined` is NULL. The prototypes are those of the man pages, section 2.
 */
export interface Libc {
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly bind: (fd: number, address: Buffer, length: number) => number;
  readonly connect: (fd: number, address: Buffer, length: number) => number;
  readonly listen: (fd: number, backlog: number) => number;
  /** `length` is a u32 that holds the length of `address` before, and that of the name after. */
  readonly getsockname: (fd: number, address: Buffer, length: Buffer) => number;
  readonly send: (fd: number, data: Buffer, length: number, flags: number) => number;
  readonly recv: (fd: number, data: Buffer, length: number, flags: number) => number;
  readonly shutdown: (fd: number, how: number) => number;
  readonly setsockopt: (fd: number, level: number, option: number, value: Buffer, length: number) => number;
  readonly close: (fd: number) => number;
  readonly setns: (fd: number, type: number) => number;
  readonly unshare: (flags: number) => number;
  readonly ioctl: (fd: number, request: number, argument: Buffer | number | undefined) => number;
  readonly mount: (
    source: string,
    target: string,
    type: string | undefined,
    flags: number,
    data: string | undefined,
  ) => number;
  readonly umount2: (target: string, flags: number) => number;
  readonly fchdir: (fd: number) => number;
  readonly flock: (fd: number, operation: number) => number;
  readonly memfd_create: (name: string, flags: number) => number;
  readonly pipe2: (descriptors: Buffer, flags: number) => number;
  readonly fcntl: (fd: number, command: number, argument: number) => number;
  /** For what reads the environment by getenv(3), past `process.env`. */
  readonly setenv: (name: string, value: string, overwrite: number) => number;
  /** For calls that older C libraries have no name for. */
  readonly syscall: (number: number, a: number, b: number, c: number, d: number) => number;
  /** errno of the latest call; ask in the very next statement, since any other call may overwrite it. */
  readonly errno: () => number;
}

let loaded: Libc | undefined;

/**
 * The C library that Node itself runs on, bound at the first call. Loading koffi takes some 8 ms, so commands that make
 * no system call must not get here.
 */
export function libc(): Libc {
  loaded ??= load();
  return loaded;
}

/** Each call is bound at its first use: a command uses a few, and binding all of them costs 0.5 ms. */
function load(): Libc {
  const library = koffi.load(null);
  const calls = { errno: () => koffi.errno() };
  for (const [name, prototype] of Object.entries(libcPrototypes)) {
    const bind = (): unknown => {
      const value = library.func(prototype);
      Object.defineProperty(calls, name, { value, writable: true });
      return value;
    };
    Object.defineProperty(calls, name, { configurable: true, enumerable: true, get: bind });
  }
  return calls as Libc;
}
