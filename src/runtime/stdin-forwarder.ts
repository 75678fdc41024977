import type { Readable } from "node:stream";
import type { SeqpacketSocket } from "../kernel/terminal/seqpacket.js";
import { DetachWatch } from "./detach-watch.js";

interface Keys {
  readonly bytes: Uint8Array;
  /** Called once they were typed. */
  readonly onTyped: () => void;
}

/** Bytes per packet; conmon reads into 32 KiB and would cut off the rest. */
const PACKET_SIZE = 16 * 1024;

/** Sends standard input to a container until the input ends or its reader is gone. */
export class StdinForwarder {
  private isWanted = true;
  private sent: Promise<void> = Promise.resolve();
  private readonly watch: DetachWatch | undefined;

  private readonly onData = (chunk: Buffer): void => {
    // Reads no further until the container has taken what there is.
    this.stdin.pause();
    this.sent = this.send(chunk);
  };

  /** A stream may end while its last chunk is still being sent, paused or not. One that cannot be read has ended too. */
  private readonly onEnd = (): void => void this.sent.then(() => this.socket.end());

  constructor(
    private readonly stdin: Readable & { unref?(): void },
    private readonly socket: SeqpacketSocket,
    private readonly keys?: Keys,
  ) {
    this.watch = keys === undefined ? undefined : new DetachWatch(keys.bytes);
  }

  start(): void {
    this.stdin.on("data", this.onData);
    this.stdin.once("end", this.onEnd);
    this.stdin.once("error", this.onEnd);
    if (this.stdin.readableEnded) this.onEnd();
  }

  /** Input that comes later stays where it is, and does not keep the process alive. */
  stop(): void {
    this.isWanted = false;
    this.stdin.off("data", this.onData);
    this.stdin.off("end", this.onEnd);
    this.stdin.off("error", this.onEnd);
    this.stdin.pause();
    this.stdin.unref?.();
  }

  private async send(chunk: Buffer): Promise<void> {
    const { passed, isComplete } = this.watch?.push(chunk) ?? { passed: chunk, isComplete: false };
    try {
      for (let offset = 0; offset < passed.length; offset += PACKET_SIZE) {
        await this.socket.send(passed.subarray(offset, offset + PACKET_SIZE));
      }
    } catch {
      // The container has gone; the end of its output shows it.
      this.stop();
    }
    if (isComplete) {
      this.stop();
      this.keys?.onTyped();
    }
    if (this.isWanted) this.stdin.resume();
  }
}
