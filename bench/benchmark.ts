import type { Lab } from "./lab.ts";
import type { Summary } from "./statistics.ts";

/** Values of one turn, by measure. */
export type Sample = Readonly<Record<string, number>>;

/** Somebody who does the work of a benchmark. */
export interface Contender {
  readonly name: string;
  /** Does the work once, or a few times, and returns what it took. Cleans up after itself, untimed. */
  sample(): Promise<Sample> | Sample;
  close?(): Promise<void> | void;
}

/** A contender that cannot take part on this machine. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

export type Entrant = Contender | Absent;

export interface Benchmark {
  /** Names its files. */
  readonly id: string;
  readonly title: string;
  /** What is compared, and under which conditions, in a sentence or two. */
  readonly about: string;
  readonly unit: "ms" | "µs" | "MB/s" | "connections/s" | "queries/s";
  /** The keys of every sample. */
  readonly measures: readonly string[];
  /** The contender that others are measured by, by name. */
  readonly floor: string;
  /** Turns per contender, and seconds after which no further turn begins, for each mode. */
  readonly effort: Readonly<Record<"quick" | "full", { readonly turns: number; readonly seconds: number }>>;
  /** Brings up what the contenders need. */
  enter(lab: Lab): Promise<readonly Entrant[]>;
}

/** One line of a result: measured, or the reason why not. */
export type Row =
  | { readonly name: string; readonly summary: Summary; readonly ratio: number | undefined }
  | { readonly name: string; readonly reason: string };

/** All contenders by one measure of a benchmark. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly measure: string;
  readonly unit: Benchmark["unit"];
  readonly floor: string;
  readonly rows: readonly Row[];
}
