import type { Streams } from "../api/index.js";
import type { TerminalSize } from "../kernel/terminal-size.js";

/** The caller's terminal while it stands in for the container's: raw, and asked for its size. */
export class Terminal {
  private giveBack: (() => void) | undefined;
  private readonly onResize = (): void => {
    const { size } = this;
    if (size !== undefined) this.resize(size);
  };

  /** `resize` hears of each new size. */
  constructor(
    private readonly streams: Streams,
    private readonly resize: (size: TerminalSize) => void,
  ) {}

  /** Undefined where the output is no terminal, or one that does not know it. */
  get size(): TerminalSize | undefined {
    const { isTTY, rows, columns } = this.streams.stdout;
    return isTTY && rows && columns ? { rows, columns } : undefined;
  }

  follow(): void {
    this.streams.stdout.on("resize", this.onResize);
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
}
