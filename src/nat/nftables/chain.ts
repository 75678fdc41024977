/** A chain of one of tsd's tables, in the words of nft(8). */
export interface Chain {
  readonly name: string;
  /** Absent in a chain that others jump to. */
  readonly hook?: string;
  readonly rules: readonly string[];
}
