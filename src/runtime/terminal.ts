import { closeSync, constants, openSync, writeSync } from "node:fs";
import type { Streams } from "../api/index.js";

/** conmon's `WIN_RESIZE_EVENT`. */
const RESIZE = 1;

/** The caller's terminal while it stands in for the container's: raw, and told of its size. */
export class Terminal {
  private isRaw = false;
  private readonly onResize = (): void => this.sendSize();

  /** `control` is conmon's fifo for terminal sizes. */
  constructor(
    private readonly streams: Streams,
    private readonly control: string,
  ) {}

  /** Passes the size on, now and whenever it changes. */
  follow(): void {
    if (!this.streams.stdout.isTTY) return;
    this.sendSize();
    this.streams.stdout.on("resize", this.onResize);
  }

  /** From here on every key goes to the container, Ctrl-C among them. */
  makeRaw(): void {
    const { stdin } = this.streams;
    if (!stdin.isTTY || stdin.isRaw) return;
    stdin.setRawMode(true);
    this.isRaw = true;
  }

  /** Gives the terminal back as it was. May be called twice. */
  restore(): void {
    this.streams.stdout.off("resize", this.onResize);
    if (this.isRaw) this.streams.stdin.setRawMode(false);
    this.isRaw = false;
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
