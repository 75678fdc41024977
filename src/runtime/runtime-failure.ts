import { TsdError, type TsdErrorInit } from "../errors/tsd-error.js";

/** Exit codes of a shell, and docker's, for a command that is not there and for one that is no program. */
const EXIT_NOT_FOUND = 127;
const EXIT_NOT_EXECUTABLE = 126;

export interface RuntimeFailure {
  /** Base name of the runtime. */
  readonly runtime: string;
  /** What it was to do: `create container 0a1b2c`. */
  readonly action: string;
  /** What it wrote to standard error. */
  readonly stderr: string;
  /** The command in the container, for errors that are about it. */
  readonly command?: string;
}

/**
 * Makes an error of what a runtime said. A command that cannot be run has its exit code in the details: `not-found` with
 * 127, `invalid-input` with 126.
 */
export function runtimeFailure({ runtime, action, stderr, command = "" }: RuntimeFailure): TsdError {
  const said = lastMessage(stderr);
  const exitCode = commandExitCode(said);
  const details = { runtime, stderr, command, ...(exitCode === undefined ? {} : { exitCode }) };
  switch (exitCode) {
    case EXIT_NOT_FOUND:
      return new TsdError({
        kind: "not-found",
        code: "TSD_RUNTIME_COMMAND_NOT_FOUND",
        message: `the container has no command "${command}"`,
        hint: "Check its spelling, and that it lies in the PATH of the image.",
        details,
      });
    case EXIT_NOT_EXECUTABLE:
      return new TsdError({
        kind: "invalid-input",
        code: "TSD_RUNTIME_COMMAND_NOT_EXECUTABLE",
        message: `"${command}" in the container is not executable`,
        hint: "Give a program, or set the file's execute permission.",
        details,
      });
    default:
      return (
        limitFailure(said, details) ??
        new TsdError({
          kind: "runtime",
          code: "TSD_RUNTIME_FAILED",
          message: `${runtime} could not ${action}: ${said === "" ? "it gave no reason" : said}`,
          details,
        })
      );
  }
}

/** What a runtime says of a limit that the container cannot run under. */
const limits: readonly { readonly said: RegExp; readonly words: TsdErrorInit }[] = [
  {
    said: /^OOM: |unable to set memory limit to|container init was OOM-killed/,
    words: {
      kind: "invalid-input",
      code: "TSD_RUNTIME_MEMORY",
      message: "the memory limit is too low for the container to start",
      hint: "Give it more: --memory 16m, say.",
    },
  },
  {
    said: /oom_score_adj.*permission denied/i,
    words: {
      kind: "unsupported",
      code: "TSD_RUNTIME_OOM_SCORE",
      message: "tsd may not lower how readily the kernel kills a container's processes: it lacks CAP_SYS_RESOURCE",
      hint: "Give a higher --oom-score-adj, or leave it out.",
    },
  },
  {
    said: /cpuset\.cpus(`|: ).*(numerical result out of range|invalid argument|permission denied)/i,
    words: {
      kind: "invalid-input",
      code: "TSD_RUNTIME_CPUSET",
      message: "--cpuset-cpus names a processor that containers of this machine may not use",
      hint: "See which there are: cat /sys/devices/system/cpu/online",
    },
  },
];

function limitFailure(said: string, details: Readonly<Record<string, unknown>>): TsdError | undefined {
  const limit = limits.find((one) => one.said.test(said));
  return limit === undefined ? undefined : new TsdError({ ...limit.words, details });
}

/** That of a program that wrote to a closed pipe: 128 + SIGPIPE. */
export const EXIT_UNREAD = 141;

/**
 * The exit code a shell would give, where a message of crun 1.8 or runc 1.1 is about the command itself: crun: executable
 * file `x` not found in $PATH: No such file or directory / open executable: Permission denied / exec: … runc: exec: "x":
 * executable file not found in $PATH / stat x: no such file or directory / permission denied / exec x: … Or about its
 * output: crun has a terminal to copy, and ends as a program does whose pipe is closed.
 */
export function commandExitCode(message: string): number | undefined {
  if (message === "copy from terminal fd: write: Broken pipe") return EXIT_UNREAD;
  if (/executable file .*not found in \$PATH/.test(message)) return EXIT_NOT_FOUND;
  if (!/(^|: )(open executable: |exec: |exec \/|exec container process )/.test(message)) return undefined;
  return /(no such file or directory|not a directory)$/i.test(message) ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

/** The last line a runtime wrote, without the trimmings of its log format: logrus text or JSON. */
function lastMessage(stderr: string): string {
  const line = stderr.trim().split("\n").at(-1) ?? "";
  const quoted = /\bmsg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  return quoted === undefined ? line : (JSON.parse(quoted) as string);
}
