import type { LogLine } from "../api/index.js";

/**
 * One record of conmon's `k8s-file` log: `TIME STREAM TAG TEXT\n`. A line the container wrote is any number of `P` records
 * and a final `F`; only the `F` stands for a newline of the container.
 */
export interface LogRecord {
  readonly time: string;
  readonly stream: LogLine["stream"];
  readonly isPartial: boolean;
  /** Raw, since a partial record may end inside a character. */
  readonly text: Buffer;
}

const BLANK = 0x20;

/** `line` is without its newline. Returns undefined for a line that is no record, such as one cut off by a full disk. */
export function parseLogRecord(line: Buffer): LogRecord | undefined {
  const timeEnd = line.indexOf(BLANK);
  const streamEnd = line.indexOf(BLANK, timeEnd + 1);
  const tagEnd = line.indexOf(BLANK, streamEnd + 1);
  if (timeEnd < 0 || streamEnd < 0 || tagEnd < 0) return undefined;
  const stream = line.toString("latin1", timeEnd + 1, streamEnd);
  const tag = line.toString("latin1", streamEnd + 1, tagEnd);
  if ((stream !== "stdout" && stream !== "stderr") || (tag !== "P" && tag !== "F")) return undefined;
  const time = line.toString("latin1", 0, timeEnd);
  return { time, stream, isPartial: tag === "P", text: line.subarray(tagEnd + 1) };
}
