import { Readable, type Writable } from "node:stream";
import type { RuntimeProcess, Streams } from "../api/index.js";
import type { Attachment, RuntimeSpec } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { SeqpacketSocket } from "../kernel/terminal/seqpacket.js";
import type { Bundle } from "./bundle.js";
import type { Supervised } from "./conmon.js";
import { sendSize } from "./console-control.js";
import { StdinForwarder } from "./stdin-forwarder.js";
import { Terminal } from "./terminal.js";

/** First byte of each packet from conmon (`STDOUT_PIPE`, `STDERR_PIPE` of its source). */
const STDERR_PACKET = 3;

export interface AttachRequest {
  readonly bundle: Bundle;
  readonly spec: Pick<RuntimeSpec, "tty" | "interactive">;
  readonly streams: Streams;
  /** Known to the process that created the container. */
  readonly supervised: Supervised | undefined;
}

/** Connects to conmon's attach socket. From then on conmon waits for a slow reader, so that no byte is lost. */
export async function attach({ bundle, spec, streams, supervised }: AttachRequest): Promise<Attachment> {
  const { connectSeqpacket } = await import("../kernel/terminal/seqpacket.js");
  const socket = connectSeqpacket(bundle.attachSocket);
  const terminal = new Terminal(streams, (size) => sendSize(bundle.control, size));
  const process = bundle.readProcess();
  if (spec.tty && process !== undefined) {
    await giveSize(process, terminal);
    terminal.follow();
  }
  return new ContainerAttachment({ socket, terminal, spec, streams, supervised });
}

/**
 * The process waits for its start, and so is not the container's yet: its terminal can be set at once, where conmon would
 * do it some time later.
 */
async function giveSize({ pid }: RuntimeProcess, { size }: Terminal): Promise<void> {
  if (size === undefined) return;
  const { setTerminalSizeAt } = await import("../kernel/terminal/terminal-size.js");
  setTerminalSizeAt(`/proc/${pid}/fd/0`, size);
}

interface Ends {
  readonly socket: SeqpacketSocket;
  readonly terminal: Terminal;
  readonly spec: AttachRequest["spec"];
  readonly streams: Streams;
  readonly supervised: Supervised | undefined;
}

class ContainerAttachment implements Attachment {
  constructor(private readonly ends: Ends) {}

  async pump(): Promise<void> {
    const { socket, terminal, spec, streams, supervised } = this.ends;
    const input = spec.interactive ? new StdinForwarder(streams.stdin ?? Readable.from([]), socket) : undefined;
    if (spec.interactive && spec.tty) await terminal.makeRaw();
    input?.start();
    try {
      await this.copyOutput();
    } finally {
      input?.stop();
      this.close();
    }
    // The output ends some moments before the exit code is written down.
    supervised?.hold();
    await supervised?.recorded;
  }

  close(): void {
    this.ends.terminal.restore();
    this.ends.socket.close();
  }

  private async copyOutput(): Promise<void> {
    const { socket, streams } = this.ends;
    const outputs = [streams.stdout, streams.stderr];
    // The write that fails says so itself; without a listener the same error would end the process.
    for (const output of outputs) output.on("error", ignore);
    try {
      for (let packet = await socket.receive(); packet !== undefined; packet = await socket.receive()) {
        await write(packet[0] === STDERR_PACKET ? streams.stderr : streams.stdout, packet.subarray(1));
      }
    } finally {
      for (const output of outputs) output.off("error", ignore);
    }
  }
}

function ignore(): void {}

/** Resolves once the bytes are out. Throws `runtime` if the reader is gone, as in `tsd run … | head`. */
function write(output: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(bytes, (error) => (error ? reject(outputLost(error)) : resolve()));
  });
}

function outputLost(error: Error): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_RUNTIME_OUTPUT_LOST",
    message: `the container's output cannot be written: ${error.message}`,
    hint: "The container runs on; see its output with tsd logs.",
    cause: error,
  });
}
