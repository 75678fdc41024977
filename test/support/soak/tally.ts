/** Figures of a run. */
export interface Tally {
  processes: number;
  rounds: number;
  commands: number;
  done: number;
  /** By code. */
  readonly refused: Record<string, number>;
  /** What is never right, a text each. */
  readonly failed: string[];
}

export function emptyTally(processes: number): Tally {
  return { processes, rounds: 0, commands: 0, done: 0, refused: {}, failed: [] };
}
