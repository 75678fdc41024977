/** A command to give, and what to believe once it has succeeded. */
export interface Request {
  readonly words: readonly string[];
  /** Hears standard output as JSON; also of a command that failed after it did a part. */
  readonly learn?: (answer: unknown) => void;
  /** Called when all was done. */
  readonly done?: () => void;
}

/** Ids of an answer that lists what was removed. */
export function idsOf(answer: unknown): readonly string[] {
  return (answer as readonly { readonly id: string }[]).map(({ id }) => id);
}

export function idOf(answer: unknown): string {
  return (answer as { readonly id: string }).id;
}
