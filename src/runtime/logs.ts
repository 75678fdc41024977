import { type FSWatcher, watch } from "node:fs";
import type { LogLine, LogOptions } from "../api/index.js";
import type { Bundle } from "./bundle.js";
import { LineAssembler } from "./line-assembler.js";
import { LogReader } from "./log-reader.js";
import { LogWindow } from "./log-window.js";

/** Milliseconds after which to look again though nothing was heard: a supervisor that was killed leaves no record. */
const LOOK_AGAIN = 1000;

/** Reads a container's conmon log; with `follow`, until the container's exit is recorded or its bundle is gone. */
export async function* readLogs(path: string, bundle: Bundle, options: LogOptions): AsyncGenerator<LogLine> {
  const window = new LogWindow(options);
  const { tail } = options;
  // Before the end of the window, lines are counted as they come.
  const last = tail !== undefined && window.endsEarly ? new LastLines(tail) : undefined;
  const reader = LogReader.open(path, last === undefined ? tail : undefined);
  if (reader === undefined) return;
  const changes = options.follow ? new Changes([path, bundle.exits]) : undefined;
  try {
    const assembler = new LineAssembler();
    for (;;) {
      // Asked before reading: what was written before the end is then surely read.
      const remaining = window.remaining(Date.now());
      const isOver = changes === undefined || remaining < 0 || !bundle.exists() || bundle.readExit() !== undefined;
      for (const bytes of reader.read()) {
        const wanted = [...assembler.push(bytes)].filter((line) => window.has(line));
        if (last === undefined) yield* wanted;
        else last.take(wanted);
      }
      if (last !== undefined) yield* last.give();
      // A file that comes to the place of another is heard of only once it is watched itself.
      if (reader.hasGoneOn()) changes?.watch();
      if (isOver) break;
      await changes?.next(Math.min(LOOK_AGAIN, remaining + 1), options.signal);
      options.signal?.throwIfAborted();
    }
    yield* [...assembler.flush()].filter((line) => window.has(line));
  } finally {
    changes?.stop();
    reader.close();
  }
}

/** The last of the lines that were there at the first look; those that come later are all given. */
class LastLines {
  private lines: LogLine[] = [];

  constructor(private most: number) {}

  take(lines: Iterable<LogLine>): void {
    for (const line of lines) {
      this.lines.push(line);
      // Cut now and then, since each cut copies.
      if (this.lines.length > 2 * this.most + 1000) this.cut();
    }
  }

  give(): readonly LogLine[] {
    this.cut();
    const given = this.lines;
    this.lines = [];
    this.most = Number.POSITIVE_INFINITY;
    return given;
  }

  private cut(): void {
    if (this.lines.length > this.most) this.lines = this.most === 0 ? [] : this.lines.slice(-this.most);
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

  /** Returns after so many milliseconds at the latest, and early where `signal` is aborted. */
  async next(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (!this.hasChanged && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => this.wake(), milliseconds);
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
