import { callWithin } from "../../contracts/haste.js";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { type BoundedEnd, runBounded } from "../../kernel/programs/bounded-program.js";
import { foreignFailure } from "./foreign-failure.js";
import { requireProgram } from "./require-program.js";

export interface ForeignCall {
  /** Who is called and for what, as errors begin: `netavark plug-in "vrouter", verb setup`. */
  readonly subject: string;
  /** Absolute path; see {@link requireProgram} for what it must be. */
  readonly file: string;
  readonly args: readonly string[];
  /** Its whole environment, but for PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for standard input. */
  readonly input?: string;
  /** Milliseconds; default 60 000; see {@link callWithin}. */
  readonly timeout?: number;
  /** It changes nothing. */
  readonly reads?: boolean;
}

export interface ForeignResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Its first 64 KiB. */
  readonly stderr: string;
}

const LONGEST_ANSWER = 1024 ** 2;
const LONGEST_COMPLAINT = 64 * 1024;
/** Of sh(1) and timeout(1): what follows is the signal's number. */
const BY_SIGNAL = 128;
/** Of timeout(1), when execve(2) refuses a file. */
const CANNOT_EXECUTE = [126, 127];

/**
 * Calls another's program and returns what it said, whatever its exit code. Throws `plugin` where the program is missing or not
 * fit to be run as root, where it cannot be started, is ended by a signal, takes longer than `timeout`, or prints more than
 * 1 MiB. In the latter two its process group is killed.
 */
export async function callProgram(call: ForeignCall): Promise<ForeignResult> {
  const { subject, file, args, env = {}, input = "", timeout = 60_000, reads = false } = call;
  const what = () => [...pairsOf(env), file, ...args].join(" ") + (input === "" ? "" : ` <<< ${input}`);
  return boundaryOperation({ into: "plugin", what, reads }, async () => {
    requireProgram(subject, file);
    return callWithin(file, timeout, async (allowed) => {
      const bounds = { timeout: allowed, longestOutput: LONGEST_ANSWER, longestErrors: LONGEST_COMPLAINT };
      const end = await runBounded({ file, args, env, input, ...bounds });
      const fault = faultOf(end, allowed);
      if (fault !== undefined) throw foreignFailure(subject, fault, end.stderr);
      return { exitCode: end.code, stdout: end.stdout, stderr: end.stderr };
    });
  });
}

function faultOf({ code, stderr, exceeded }: BoundedEnd, timeout: number): string | undefined {
  if (exceeded === "time") return `it did not end within ${timeout / 1000} seconds`;
  if (exceeded === "output") return "it printed more than 1 MiB";
  const refused = CANNOT_EXECUTE.includes(code)
    ? /^timeout: failed to run command .*: (.*)\n$/.exec(stderr)?.[1]
    : undefined;
  if (refused !== undefined) return `it cannot be started: ${refused}`;
  return code > BY_SIGNAL ? `signal ${code - BY_SIGNAL} ended it` : undefined;
}

function pairsOf(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
