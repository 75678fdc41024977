import { closeSync, constants, openSync } from "node:fs";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import type { Pipe } from "../programs/pipe.js";
import { makeRaw } from "./raw-terminal.js";

/** <asm-generic/ioctls.h>; ioctl_tty(2). */
const TIOCSPTLCK = 0x40045431;
const TIOCGPTPEER = 0x5441;
/** <asm-generic/fcntl.h>. */
const O_CLOEXEC = 0o2000000;

/**
 * A terminal for a program to read from, and the end by which its keys are pressed. It passes every byte as it is, and
 * shows nothing of it: the program's output goes elsewhere. Throws `kernel`.
 */
export function openKeyboard(): Pipe {
  const writeEnd = openSync("/dev/ptmx", constants.O_RDWR | constants.O_NOCTTY);
  try {
    checked(libc().ioctl(writeEnd, TIOCSPTLCK, Buffer.alloc(4)));
    // By its descriptor, since its name is that of one mount of devpts among several.
    const flags = constants.O_RDWR | constants.O_NOCTTY | O_CLOEXEC;
    const readEnd = checked(libc().ioctl(writeEnd, TIOCGPTPEER, flags));
    makeRaw(readEnd);
    return { readEnd, writeEnd };
  } catch (error) {
    closeSync(writeEnd);
    throw error;
  }
}

function checked(result: number): number {
  if (result >= 0) return result;
  throw kernelError({ operation: "open a pseudo-terminal", errno: libc().errno() });
}
