import { closeSync, constants, openSync } from "node:fs";
import { kernelError } from "./errno.js";
import { libc } from "./libc.js";

/** <asm-generic/ioctls.h>. */
const TIOCSWINSZ = 0x5414;

/** Sets the size of the terminal at `path`, in characters (ioctl_tty(2)). Throws `kernel` for anything but a terminal. */
export function setTerminalSize(
  path: string,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): void {
  const terminal = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    const size = Buffer.alloc(8);
    size.writeUInt16LE(rows, 0);
    size.writeUInt16LE(columns, 2);
    if (libc().ioctl(terminal, TIOCSWINSZ, size) === 0) return;
    throw kernelError({ operation: "set the size of the terminal", object: path, errno: libc().errno() });
  } finally {
    closeSync(terminal);
  }
}
