import type { CommandResult, Streams } from "../../api/index.js";

/** How it ended, or was left. */
export type Ended = Omit<CommandResult, "stdout" | "stderr">;

/**
 * Runs a command on the caller's streams, or keeps its output for them. `full` is aborted, with the error to throw, once there
 * is more than is kept: a command need not end because nobody reads it.
 */
export async function collectOutput(
  streams: Streams | undefined,
  run: (streams: Streams, full?: AbortSignal) => Promise<Ended>,
): Promise<CommandResult> {
  if (streams !== undefined) return { ...(await run(streams)), stdout: "", stderr: "" };
  // Its base class costs other commands two milliseconds.
  const { KeptStream } = await import("./kept-stream.js");
  const full = new AbortController();
  const [stdout, stderr] = [new KeptStream(full), new KeptStream(full)];
  const ended = await run({ stdout, stderr }, full.signal);
  return { ...ended, stdout: stdout.text(), stderr: stderr.text() };
}
