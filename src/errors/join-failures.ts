import { TsdError } from "./tsd-error.js";

/**
 * One error for all that failed, which are one at least; a message that comes again counts once. Several become
 * `TSD_SEVERAL_FAILED` of the first one's kind, whose details hold each; an AggregateError where any is none of tsd's own.
 */
export function joinFailures(failures: readonly unknown[]): unknown {
  const [first] = failures;
  const messages = new Set(failures.map(messageOf));
  if (messages.size === 1) return first;
  const message = [...messages].join("; ");
  if (!failures.every((failure) => TsdError.is(failure))) return new AggregateError(failures, message);
  return new TsdError({
    kind: failures[0]?.kind ?? "runtime",
    code: "TSD_SEVERAL_FAILED",
    message,
    ...(failures[0]?.hint === undefined ? {} : { hint: failures[0].hint }),
    details: { failures: failures.map(({ kind, code, message, details }) => ({ kind, code, message, details })) },
    cause: first,
  });
}

function messageOf(failure: unknown): string {
  return String((failure as { readonly message?: unknown } | null)?.message ?? failure);
}
