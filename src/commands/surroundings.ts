import type { Streams, Tsd, TsdOptions } from "../api/index.js";

/** All that a command touches beside its arguments. Tests put another in place of the process. */
export interface Surroundings {
  open(options: Pick<TsdOptions, "onWarning" | "dryRun" | "forget" | "leftWork">): Promise<Tsd>;
  writeOut(text: string): void;
  writeError(text: string): void;
  /** For containers in the foreground. Each is dear to make, and so made when it is first asked for. */
  streams(): Required<Streams>;
  /** Whether file descriptor 0, 1 or 2 is a terminal. */
  isTerminal(descriptor: 0 | 1 | 2): boolean;
  /** Width of the terminal that standard output or standard error leads to, in columns. */
  columns(descriptor: 1 | 2): number;
  /** Asks on standard error and reads a line from standard input; undefined where that ends without one. */
  ask(question: string): Promise<string | undefined>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Listens for the signals that docker passes on to a foreground container; returns a function that stops it. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
}
