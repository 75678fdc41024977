import { inColours } from "../errors/colours.js";
import { exitCode, exitCodeBesideCommand } from "../errors/exit-code.js";
import { printable, printableJson, printableText } from "../errors/printable.js";
import { describeSystemError } from "../errors/system-error.js";
import { TsdError } from "../errors/tsd-error.js";
import { isOclifError, requestedExit, toUsageError } from "./usage-error.js";

/** The command that failed, as far as it is known. */
export interface FailedCommand {
  readonly id: string;
  readonly args: readonly string[];
  /** Describe the error as JSON. */
  readonly json: boolean;
  /** Show the stack of an unexpected error. */
  readonly debug: boolean;
  /** Standard error is a terminal that shows colours. */
  readonly colour?: boolean;
}

/** What to write on standard error (empty: nothing), and the exit code. */
export interface Failure {
  readonly text: string;
  readonly exitCode: number;
}

/** Says in one sentence and a hint why a command failed. */
export function describeFailure(error: unknown, command: FailedCommand): Failure {
  const requested = requestedExit(error);
  if (requested !== undefined) return { text: "", exitCode: requested };
  const known = isOclifError(error) ? toUsageError(error, command.id) : describeSystemError(error);
  return {
    text: command.json ? `${printableJson({ error: asJson(known) })}\n` : asText(known, command),
    exitCode: ownsExitCode(command) ? exitCodeBesideCommand(known) : exitCode(known),
  };
}

/** True for commands whose exit code is that of a container's command, unless tsd itself fails. */
function ownsExitCode({ id, args }: FailedCommand): boolean {
  if (id === "run" || id === "exec") return true;
  return id === "start" && (args.includes("-a") || args.includes("--attach"));
}

function asText(error: unknown, { debug, colour = false }: FailedCommand): string {
  const name = colour ? inColours("tsd:", "red") : "tsd:";
  if (TsdError.is(error)) {
    const stack = debug ? `${printableText(error.stack ?? "")}\n` : "";
    const hint =
      error.hint === undefined ? "" : `${colour ? inColours("hint:", "bold") : "hint:"} ${printable(error.hint)}\n`;
    return `${name} ${printable(error.message)}\n${hint}${stack}`;
  }
  const hint = debug ? "" : "hint: This is a bug in tsd; --debug shows where.\n";
  return `${name} internal error: ${printable(messageOf(error))}\n${hint}${debug ? `${printableText(stackOf(error))}\n` : ""}`;
}

function asJson(error: unknown): Readonly<Record<string, unknown>> {
  if (!TsdError.is(error))
    return {
      kind: "internal",
      code: "TSD_INTERNAL",
      message: messageOf(error),
    };
  const { kind, code, message, hint, details } = error;
  return {
    kind,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    details,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Object && "message" in error ? String(error.message) : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Object && "stack" in error ? String(error.stack) : "";
}
