import type { Writable } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import type { Streams, TerminalSize } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";

/** The caller's terminal while it stands in for the container's: raw, and asked for its size. */
export class Terminal {
  private giveBack: (() => void) | undefined;
  private readonly onResize = (): void => {
    const { size } = this;
    if (size !== undefined) this.resize(size);
  };

  /** `resize` receives each new size. */
  constructor(
    private readonly streams: Streams,
    private readonly resize: (size: TerminalSize) => void,
  ) {}

  get size(): TerminalSize | undefined {
    return terminalSize(this.streams.stdout);
  }

  follow(): void {
    this.streams.stdout.on("resize", this.onResize);
  }

  /** From here on every key goes to the container, Ctrl-C among them, and its output comes unchanged. */
  async makeRaw(): Promise<void> {
    const { isTTY, fd } = (this.streams.stdin ?? {}) as Partial<ReadStream & { readonly fd: number }>;
    if (!isTTY || fd === undefined) return;
    const { makeRaw } = await import("../kernel/terminal/raw-terminal.js");
    this.giveBack = makeRaw(fd);
  }

  /** Gives the terminal back as it was. May be called twice. */
  restore(): void {
    this.streams.stdout.off("resize", this.onResize);
    const { giveBack } = this;
    this.giveBack = undefined;
    try {
      giveBack?.();
    } catch (error) {
      // A terminal that was closed meanwhile takes nothing back.
      if (!TsdError.is(error) || error.details.errno !== "EIO") throw error;
    }
  }
}

/** Undefined where the output is no terminal, or one that does not know its size. */
export function terminalSize(output: Writable): TerminalSize | undefined {
  const { isTTY, rows, columns } = output as Partial<WriteStream>;
  return isTTY && rows && columns ? { rows, columns } : undefined;
}
