import { closeSync, constants, openSync, writeSync } from "node:fs";
import type { Streams } from "../api/index.js";

/** conmon's `WIN_RESIZE_EVENT`. */
const RESIZE = 1;

/** The caller's terminal while it stands in for the container's: raw, and told of its size. */
export class Terminal {
  private giveBack: (() => void) | undefined;
  private readonly onResize = (): void => this.sendSize();

  /** `control` is conmon's fifo for terminal sizes. */
  constructor(
    private readonly streams: Streams,
    private readonly control: string,
  ) {}

  /**
   * Gives the container's terminal the caller's size, now and whenever it changes. `process` waits for its start, and so
   * is not the container's yet: its terminal can be set at once, where conmon would do it some time later.
   */
  async follow(process: number): Promise<void> {
    const { stdout } = this.streams;
    if (!stdout.isTTY) return;
    const { setTerminalSize } = await import("../kernel/terminal-size.js");
    if (stdout.rows && stdout.columns) setTerminalSize(`/proc/${process}/fd/0`, stdout);
    stdout.on("resize", this.onResize);
  }

  /** From here on every key goes to the container, Ctrl-C among them, and its output comes unchanged. */
  async makeRaw(): Promise<void> {
    const { stdin } = this.streams;
    if (!stdin.isTTY) return;
    const { makeRaw } = await import("../kernel/raw-terminal.js");
    this.giveBack = makeRaw((stdin as typeof stdin & { readonly fd: number }).fd);
  }

  /** Gives the terminal back as it was. May be called twice. */
  restore(): void {
    this.streams.stdout.off("resize", this.onResize);
    this.giveBack?.();
    this.giveBack = undefined;
  }

  /** A supervisor that is gone needs no size: opening its fifo then fails with ENXIO or ENOENT. */
  private sendSize(): void {
    const { rows, columns } = this.streams.stdout;
    if (!rows || !columns) return;
    let fifo: number;
    try {
      fifo = openSync(this.control, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      return;
    }
    try {
      writeSync(fifo, `${RESIZE} ${rows} ${columns}\n`);
    } finally {
      closeSync(fifo);
    }
  }
}
