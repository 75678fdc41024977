import { Duplex, type Readable, type Writable } from "node:stream";
import type { ForegroundOptions, Streams } from "../../api/index.js";
import { Frames, Unframed } from "../http/frames.js";
import { nowhere } from "./nowhere.js";

export interface SessionOptions {
  /** The container has a terminal: its output is one stream of bytes. */
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly detachKeys: string | undefined;
  /** Aborted once the client has gone. */
  readonly left: AbortSignal;
}

/** A client's connection as the streams of a container or of a command in one. */
export class ClientSession {
  readonly streams: Streams;

  constructor(
    private readonly connection: Duplex | Writable,
    private readonly options: SessionOptions,
  ) {
    const stdin = options.stdin ? readableOf(connection) : undefined;
    // What a client sends unasked must not stand in the way of the end of its connection.
    if (stdin === undefined) readableOf(connection)?.resume();
    const output = (isMeant: boolean, kind: 1 | 2): Writable => {
      if (!isMeant) return nowhere();
      const made = options.tty ? new Unframed(connection) : new Frames(connection, kind);
      // The write that fails says so itself; without a listener the same error would end the process.
      return made.on("error", () => undefined);
    };
    this.streams = {
      ...(stdin === undefined ? {} : { stdin }),
      stdout: output(options.stdout, 1),
      stderr: output(options.stderr, 2),
    };
  }

  get isLeft(): boolean {
    return this.options.left.aborted;
  }

  get foreground(): ForegroundOptions {
    const { stdin, detachKeys, left } = this.options;
    return {
      streams: this.streams,
      input: stdin,
      leave: left,
      ...(detachKeys === undefined ? {} : { detachKeys }),
    };
  }

  /** Called where the client goes before the end, at once where it has gone. */
  onLeft(listener: () => void): void {
    if (this.isLeft) listener();
    else this.options.left.addEventListener("abort", listener, { once: true });
  }

  /** Returns once it is out, so that a slow client is waited for. */
  write(stream: "stdout" | "stderr", bytes: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.streams[stream].write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** What the client still sends is read and dropped: a connection with input that nobody takes would never close. */
  end(): void {
    this.connection.end();
    readableOf(this.connection)?.unpipe().resume();
  }
}

function readableOf(connection: Duplex | Writable): Readable | undefined {
  return connection instanceof Duplex ? connection : undefined;
}
