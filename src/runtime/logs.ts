import { closeSync, existsSync, type FSWatcher, readSync, watch } from "node:fs";
import type { LogLine, LogOptions } from "../api/index.js";
import type { Bundle } from "./bundle.js";
import { LineAssembler } from "./line-assembler.js";
import { openLog } from "./log-file.js";
import { tailOffset } from "./log-tail.js";

const BLOCK = 64 * 1024;

/** Milliseconds after which to look again though nothing was heard: a supervisor that was killed leaves no record. */
const LOOK_AGAIN = 1000;

/** Reads a container's conmon log; with `follow`, until the container's exit is recorded or its bundle is gone. */
export async function* readLogs(path: string, bundle: Bundle, options: LogOptions): AsyncGenerator<LogLine> {
  const file = openLog(path);
  if (file === undefined) return;
  const changes = options.follow ? new Changes([path, bundle.exits]) : undefined;
  try {
    const assembler = new LineAssembler();
    let position = options.tail === undefined ? 0 : tailOffset(file, options.tail);
    for (;;) {
      // Asked before reading: what was written before the end is then surely read.
      const isOver = changes === undefined || !bundle.exists() || bundle.readExit() !== undefined;
      for (let bytes = readFrom(file, position); bytes.length > 0; bytes = readFrom(file, position)) {
        position += bytes.length;
        yield* assembler.push(bytes);
      }
      if (isOver) break;
      await changes?.next(options.signal);
      options.signal?.throwIfAborted();
    }
    yield* assembler.flush();
  } finally {
    changes?.stop();
    closeSync(file);
  }
}

function readFrom(file: number, position: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  return block.subarray(0, readSync(file, block, 0, BLOCK, position));
}

/** Remembers that something happened to one of a few files, so that nothing is missed between two looks. */
class Changes {
  private readonly watchers: readonly FSWatcher[];
  private hasChanged = false;
  private wake: () => void = () => undefined;

  constructor(paths: readonly string[]) {
    const changed = (): void => {
      this.hasChanged = true;
      this.wake();
    };
    this.watchers = paths.filter((path) => existsSync(path)).map((path) => watch(path, changed).on("error", changed));
  }

  /** Returns early where `signal` is aborted. */
  async next(signal?: AbortSignal): Promise<void> {
    if (!this.hasChanged && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => this.wake(), LOOK_AGAIN);
        this.wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", this.wake);
          resolve();
        };
        signal?.addEventListener("abort", this.wake, { once: true });
      });
    }
    this.hasChanged = false;
  }

  stop(): void {
    for (const watcher of this.watchers) watcher.close();
  }
}
