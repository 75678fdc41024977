import { type FSWatcher, watch } from "node:fs";
import type { LogLine, LogOptions } from "../api/index.js";
import type { Bundle } from "./bundle.js";
import { LineAssembler } from "./line-assembler.js";
import { LogReader } from "./log-reader.js";

/** Milliseconds after which to look again though nothing was heard: a supervisor that was killed leaves no record. */
const LOOK_AGAIN = 1000;

/** Reads a container's conmon log; with `follow`, until the container's exit is recorded or its bundle is gone. */
export async function* readLogs(path: string, bundle: Bundle, options: LogOptions): AsyncGenerator<LogLine> {
  const reader = LogReader.open(path, options.tail);
  if (reader === undefined) return;
  const changes = options.follow ? new Changes([path, bundle.exits]) : undefined;
  try {
    const assembler = new LineAssembler();
    for (;;) {
      // Asked before reading: what was written before the end is then surely read.
      const isOver = changes === undefined || !bundle.exists() || bundle.readExit() !== undefined;
      for (const bytes of reader.read()) yield* assembler.push(bytes);
      // A file that comes to the place of another is heard of only once it is watched itself.
      if (reader.hasGoneOn()) changes?.watch();
      if (isOver) break;
      await changes?.next(options.signal);
      options.signal?.throwIfAborted();
    }
    yield* assembler.flush();
  } finally {
    changes?.stop();
    reader.close();
  }
}

/** Remembers that something happened to one of a few files, so that nothing is missed between two looks. */
class Changes {
  private watchers: readonly FSWatcher[] = [];
  private hasChanged = false;
  private wake: () => void = () => undefined;

  constructor(private readonly paths: readonly string[]) {
    this.watch();
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

  /** The files that are at the paths now. What happened until then counts. */
  watch(): void {
    this.stop();
    this.hasChanged = true;
    this.watchers = this.paths.flatMap((path) => this.watchOne(path));
  }

  private watchOne(path: string): readonly FSWatcher[] {
    const changed = (): void => {
      this.hasChanged = true;
      this.wake();
    };
    try {
      return [watch(path, changed).on("error", changed)];
    } catch {
      return [];
    }
  }
}
