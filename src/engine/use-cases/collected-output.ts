import { Writable } from "node:stream";
import type { CommandResult, Streams } from "../../api/index.js";

/** Bytes of each stream that are kept: what a container writes has no end, and memory has. */
const CAPACITY = 16 * 1024 * 1024;

/** Runs a command on the caller's streams, or keeps its output for them. */
export async function collectOutput(
  streams: Streams | undefined,
  run: (streams: Streams) => Promise<number>,
): Promise<CommandResult> {
  if (streams !== undefined) return { exitCode: await run(streams), stdout: "", stderr: "" };
  const [stdout, stderr] = [new Collected(), new Collected()];
  const exitCode = await run({ stdout, stderr });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

class Collected extends Writable {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.size += chunk.length;
    if (this.size > CAPACITY) {
      done(new Error(`there are more than ${CAPACITY} bytes, which only a stream of the caller's takes`));
      return;
    }
    this.chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }
}
