import { TsdError } from "../errors/tsd-error.js";

interface Refusal {
  readonly message: string;
  readonly hint: string;
  /** What was asked for, as the user wrote it where that is known. */
  readonly value: unknown;
}

/** The error for a request that cannot be met. */
export function invalidInput(code: string, { message, hint, value }: Refusal): TsdError {
  return new TsdError({ kind: "invalid-input", code, message, hint, details: { value } });
}
