import { Writable } from "node:stream";
import { TsdError } from "../../errors/tsd-error.js";

/** Bytes of each stream that are kept: what a container writes has no end, and memory has. */
const CAPACITY = 16 * 1024 * 1024;

/** Keeps what is written to it, and aborts `full` with the error to throw once there is more. */
export class KeptStream extends Writable {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly full: AbortController) {
    super();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.size += chunk.length;
    if (this.size <= CAPACITY) {
      this.chunks.push(chunk);
      done();
      return;
    }
    const error = tooMuch();
    this.full.abort(error);
    done(error);
  }

  text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }
}

function tooMuch(): TsdError {
  return new TsdError({
    kind: "exhausted",
    code: "TSD_OUTPUT_TOO_LONG",
    message: `the output is longer than the ${CAPACITY} bytes that are kept`,
    hint: "Pass streams of your own, which take any amount.",
  });
}
