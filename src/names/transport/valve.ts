import { closeSync } from "node:fs";
import { duplicateDescriptor } from "../../kernel/duplicate-descriptor.js";

/** Milliseconds until a descriptor may be free. */
const AGAIN = 100;

/**
 * A bound socket of the kernel's that is read through a socket of the runtime's while that is open. A runtime may read as long as
 * something comes, and to close its socket is the one way to stop it. What comes meanwhile waits in the kernel, or is lost there.
 */
export class Valve<S> {
  #socket: S | undefined;
  #again: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(
    private readonly descriptor: number,
    private readonly make: (descriptor: number) => S,
    private readonly close: (socket: S) => void,
  ) {}

  /** Undefined where the process has no descriptor free, which it tries again, and after the end. */
  open(): S | undefined {
    if (this.#hasEnded) return undefined;
    try {
      this.#socket ??= this.make(duplicateDescriptor(this.descriptor));
    } catch {
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.open(), AGAIN);
    }
    return this.#socket;
  }

  shut(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) this.close(socket);
  }

  /** Closes the kernel's socket too. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#again);
    this.shut();
    closeSync(this.descriptor);
  }
}
