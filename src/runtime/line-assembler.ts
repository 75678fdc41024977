import type { LogLine } from "../api/index.js";
import { type LogRecord, parseLogRecord } from "./log-record.js";

const NEWLINE = 0x0a;

/** Bytes after which a line is handed out unfinished, so that output without newlines is not held back for ever. */
const MAX_LINE = 256 * 1024;

interface Unfinished {
  readonly time: string;
  readonly parts: Buffer[];
  length: number;
}

/** Turns the bytes of a conmon log, in any slices, into the lines the container wrote. */
export class LineAssembler {
  private rest: Buffer = Buffer.alloc(0);
  private readonly unfinished = new Map<LogLine["stream"], Unfinished>();

  *push(bytes: Buffer): Generator<LogLine> {
    const data = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      const record = parseLogRecord(data.subarray(start, end));
      if (record !== undefined) yield* this.add(record);
      start = end + 1;
    }
    this.rest = Buffer.from(data.subarray(start));
  }

  /** What the container wrote last without a newline. */
  *flush(): Generator<LogLine> {
    for (const stream of [...this.unfinished.keys()]) yield this.finish(stream, "");
  }

  private *add({ time, stream, isPartial, text }: LogRecord): Generator<LogLine> {
    const line = this.unfinished.get(stream) ?? { time, parts: [], length: 0 };
    line.parts.push(Buffer.from(text));
    line.length += text.length;
    this.unfinished.set(stream, line);
    if (!isPartial) yield this.finish(stream, "\n");
    else if (line.length >= MAX_LINE) yield this.finish(stream, "");
  }

  private finish(stream: LogLine["stream"], end: string): LogLine {
    const { time, parts } = this.unfinished.get(stream) ?? { time: "", parts: [] };
    this.unfinished.delete(stream);
    return { stream, time, text: Buffer.concat(parts).toString("utf8") + end };
  }
}
