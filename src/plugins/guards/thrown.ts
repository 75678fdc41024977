import { type ErrorKind, TsdError } from "../../errors/tsd-error.js";
import { boundedText } from "../returned/bounded-text.js";

/** Kinds of errors by which a plug-in replies to the user; others say that it failed. */
const replies: readonly ErrorKind[] = ["invalid-input", "conflict", "not-found", "exhausted", "unsupported"];

const MAX_STACK = 4000;

/** Whose code threw, as the beginning of a sentence: `driver "ptp"`, and with the verb. */
export interface Thrower {
  readonly name: string;
  readonly subject: string;
}

/**
 * The error for whatever plug-in code threw: its reply to the user under its name, or that it failed. Reads the value with
 * care, since its properties may throw as well.
 */
export function thrownError(thrown: unknown, { name, subject }: Thrower): TsdError {
  try {
    const reply = replyOf(thrown, name);
    if (reply !== undefined) return reply;
    const words = wordsOf(thrown);
    return withStack(failure(subject, `it threw ${words}`), thrown);
  } catch {
    return failure(subject, "it threw a value that cannot be read");
  }
}

/** What the plug-in did wrong, as the rest of a sentence about it. */
export function failure(subject: string, what: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_FAILED",
    message: `${subject}: ${what}`,
    hint: "Report this to the author of the plug-in; --debug shows where it was.",
  });
}

function replyOf(thrown: unknown, name: string): TsdError | undefined {
  if (!TsdError.is(thrown)) return undefined;
  const { kind, code, message, hint } = thrown;
  if (!replies.includes(kind) || typeof message !== "string" || !isCode(code)) return undefined;
  return new TsdError({
    kind,
    code: thrown.code,
    message: `${name}: ${boundedText(message)}`,
    ...(typeof hint === "string" ? { hint: boundedText(hint) } : {}),
  });
}

function isCode(code: unknown): boolean {
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{2,63}$/.test(code);
}

function wordsOf(thrown: unknown): string {
  if (typeof thrown === "string") return `"${boundedText(thrown)}"`;
  if (typeof thrown !== "object" || !thrown) return boundedText(String(thrown));
  const { name, message } = thrown as { readonly name?: unknown; readonly message?: unknown };
  if (typeof message !== "string") return "an object that is no error";
  const kind = typeof name === "string" && name !== "" && name !== "TsdError" ? `${name}: ` : "";
  return boundedText(`${kind}${message}`);
}

/** For `--debug`: where in the plug-in it was. */
function withStack(error: TsdError, thrown: unknown): TsdError {
  const stack = typeof thrown === "object" && thrown ? (thrown as { readonly stack?: unknown }).stack : undefined;
  if (typeof stack === "string") error.stack = `${error.stack}\n${stack.slice(0, MAX_STACK)}`;
  return error;
}
