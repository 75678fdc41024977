import { closeSync, constants, openSync } from "node:fs";
import type { TerminalSize } from "../../api/index.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";

/** <asm-generic/ioctls.h>. */
const TIOCSWINSZ = 0x5414;

/** Sets the size of the terminal behind a descriptor (ioctl_tty(2)). Throws `kernel` for anything but a terminal. */
export function setTerminalSize(descriptor: number, { rows, columns }: TerminalSize): void {
  const size = Buffer.alloc(8);
  size.writeUInt16LE(rows, 0);
  size.writeUInt16LE(columns, 2);
  if (libc().ioctl(descriptor, TIOCSWINSZ, size) === 0) return;
  throw kernelError({
    operation: "set the size of the terminal on descriptor",
    object: `${descriptor}`,
    errno: libc().errno(),
  });
}

/** As {@link setTerminalSize}, for the terminal at `path`. */
export function setTerminalSizeAt(path: string, size: TerminalSize): void {
  const terminal = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    setTerminalSize(terminal, size);
  } finally {
    closeSync(terminal);
  }
}
