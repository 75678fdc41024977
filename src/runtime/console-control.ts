import { closeSync, constants, openSync, writeSync } from "node:fs";
import type { TerminalSize } from "../api/index.js";

/** conmon's `WIN_RESIZE_EVENT`. */
const RESIZE = 1;

/**
 * Has conmon change the size of a container's terminal, by its fifo `control`. A supervisor that is gone needs no size:
 * opening its fifo then fails with ENXIO or ENOENT.
 */
export function sendSize(control: string, { rows, columns }: TerminalSize): void {
  let fifo: number;
  try {
    fifo = openSync(control, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return;
  }
  try {
    writeSync(fifo, `${RESIZE} ${rows} ${columns}\n`);
  } finally {
    closeSync(fifo);
  }
}
