import { Readable, type Writable } from "node:stream";
import type { RuntimeProcess, Streams } from "../api/index.js";
import type { Attachment, Leaving, RuntimeSpec } from "../contracts/index.js";
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
  readonly leaving: Leaving;
  /** Known to the process that created the container, which has not started yet. */
  readonly supervised: Supervised | undefined;
}

/** Connects to conmon's attach socket. From then on conmon waits for a slow reader, so that no byte is lost. */
export async function attach({ bundle, spec, streams, leaving, supervised }: AttachRequest): Promise<Attachment> {
  const socket = await connect(bundle);
  const terminal = new Terminal(streams, (size) => sendSize(bundle.control, size));
  const process = bundle.readProcess();
  if (spec.tty && process !== undefined) {
    if (supervised === undefined) redraw(bundle, terminal);
    else await giveSize(process, terminal);
    terminal.follow();
  }
  return new ContainerAttachment({ socket, terminal, spec, streams, leaving, supervised });
}

async function connect(bundle: Bundle): Promise<SeqpacketSocket> {
  const { connectSeqpacket } = await import("../kernel/terminal/seqpacket.js");
  try {
    return connectSeqpacket(bundle.attachSocket);
  } catch (error) {
    if (!TsdError.is(error) || !["ENOENT", "ECONNREFUSED"].includes(`${error.details.errno}`)) throw error;
    throw unsupervised(bundle, error);
  }
}

/** As docker: only another size makes a shell or an editor that waits for keys show itself. */
function redraw({ control }: Bundle, { size }: Terminal): void {
  if (size === undefined) return;
  sendSize(control, { ...size, rows: size.rows + 1 });
  sendSize(control, size);
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
  readonly leaving: Leaving;
  readonly supervised: Supervised | undefined;
}

class ContainerAttachment implements Attachment {
  private hasLeft = false;
  private readonly leave = (): void => {
    this.hasLeft = true;
    this.close();
  };

  constructor(private readonly ends: Ends) {}

  async pump(): Promise<"ended" | "left"> {
    const { terminal, spec, leaving, supervised } = this.ends;
    const input = spec.interactive ? this.forwarder() : undefined;
    if (spec.interactive && spec.tty) await terminal.makeRaw();
    input?.start();
    if (leaving.signal?.aborted) this.leave();
    leaving.signal?.addEventListener("abort", this.leave);
    try {
      await this.copyOutput();
    } finally {
      leaving.signal?.removeEventListener("abort", this.leave);
      input?.stop();
      this.close();
    }
    if (this.hasLeft) return "left";
    // The output ends some moments before the exit code is written down.
    supervised?.hold();
    await supervised?.recorded;
    return "ended";
  }

  /** Without a terminal what comes in is data, among which there are no keys. */
  private forwarder(): StdinForwarder {
    const { socket, spec, streams, leaving } = this.ends;
    const keys = spec.tty && leaving.keys !== undefined ? { bytes: leaving.keys, onTyped: this.leave } : undefined;
    return new StdinForwarder(streams.stdin ?? Readable.from([]), socket, keys);
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

function unsupervised({ id }: Bundle, cause: TsdError): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_RUNTIME_UNSUPERVISED",
    message: `the supervisor of container ${id.slice(0, 12)} is gone, and with it the container's streams`,
    hint: `What runs in it goes on; use another command in it: tsd exec -it ${id.slice(0, 12)} sh`,
    details: { container: id },
    cause,
  });
}

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
