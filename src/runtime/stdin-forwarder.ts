import type { SeqpacketSocket } from "../kernel/seqpacket.js";

/** Bytes per packet; conmon reads into 32 KiB and would cut off the rest. */
const PACKET_SIZE = 16 * 1024;

/** Sends standard input to a container until it ends or nobody wants it any more. */
export class StdinForwarder {
  private isWanted = true;
  private readonly onData = (chunk: Buffer): void => void this.forward(chunk);
  private readonly onEnd = (): void => this.socket.end();

  constructor(
    private readonly stdin: NodeJS.ReadStream,
    private readonly socket: SeqpacketSocket,
  ) {}

  start(): void {
    this.stdin.on("data", this.onData);
    this.stdin.once("end", this.onEnd);
    if (this.stdin.readableEnded) this.socket.end();
  }

  /** Input that comes later stays where it is, and does not keep the process alive. */
  stop(): void {
    this.isWanted = false;
    this.stdin.off("data", this.onData);
    this.stdin.off("end", this.onEnd);
    this.stdin.pause();
    this.stdin.unref?.();
  }

  /** Reads no further until the container has taken what there is. */
  private async forward(chunk: Buffer): Promise<void> {
    this.stdin.pause();
    try {
      for (let offset = 0; offset < chunk.length; offset += PACKET_SIZE) {
        await this.socket.send(chunk.subarray(offset, offset + PACKET_SIZE));
      }
    } catch {
      // The container has gone; the end of its output tells.
      this.stop();
      return;
    }
    if (this.isWanted) this.stdin.resume();
  }
}
