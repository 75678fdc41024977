import { closeSync, constants, openSync, readFileSync } from "node:fs";
import type { ExecOptions, ExecSpec, SendSignal, Streams } from "../api/index.js";
import type { Leaving } from "../contracts/index.js";
import { startDaemon } from "../kernel/programs/daemon.js";
import { withMemoryFile } from "../kernel/programs/memory-file.js";
import { Bundle } from "./bundle.js";
import { endedBy } from "./ended-by.js";
import { commandOf } from "./exec-command.js";
import { type ExecLog, parseExecLog } from "./exec-log.js";
import { execProcess } from "./exec-process.js";
import { runWithStreams } from "./exec-streams.js";
import type { OciConfig, OciProcess } from "./oci-config.js";
import { ociText } from "./oci-text.js";
import { stateLost } from "./run-errors.js";
import { commandExitCode, EXIT_UNREAD, runtimeFailure } from "./runtime-failure.js";
import type { Argv, RuntimeProgram } from "./runtime-program.js";
import { terminalSize } from "./terminal.js";
import { readUserDatabases, resolveUser } from "./user.js";

export interface ExecRequest {
  readonly runtime: RuntimeProgram;
  readonly bundle: Bundle;
  /** What the container's first process was made from. */
  readonly config: OciConfig;
  readonly spec: ExecSpec;
}

interface AttachedExec extends ExecRequest, Omit<ExecOptions, "streams"> {
  readonly streams: Streams;
  readonly leaving: Leaving;
}

/**
 * Runs a command in a running container and relays its streams. Returns the
 * command's exit code, or `left`. Throws `not-found` or `invalid-input` where it cannot be run, of which the runtime has told on standard
 * error in its own words, and `runtime` where the runtime itself failed.
 *
 * What the command leaves running is not waited for, and cut off. Only runc, which has further pipes in between, waits.
 */
export async function execInContainer(request: AttachedExec): Promise<number | "left"> {
  const { spec, streams, leaving, onStart, onCommand, signal } = request;
  return withCall(request, consoleSize(spec, streams), [], async (argv, readLog) => {
    const remainder = (): Buffer => readLog().unread;
    const complaint = (): string | undefined => readLog().complaint;
    const over = new AbortController();
    try {
      return await endedBy(signal, onStart, (onRun) => {
        const started = (send: SendSignal, pid: number): void => {
          onRun(send);
          if (onCommand !== undefined) void report(onCommand, pid, over.signal);
        };
        return runWithStreams(argv, { spec, streams, leaving, onStart: started, remainder, complaint });
      });
    } finally {
      over.abort();
    }
  });
}

async function report(onCommand: (pid: number) => void, runtime: number, over: AbortSignal): Promise<void> {
  const pid = await commandOf(runtime, over);
  if (pid !== undefined && !over.aborted) onCommand(pid);
}

/** Starts a command that has none of the caller's streams, nor a terminal, and returns while it runs. Throws as {@link execInContainer}. */
export async function execDetached(request: ExecRequest): Promise<void> {
  const spec = { ...request.spec, tty: false };
  await withCall({ ...request, spec }, {}, ["--detach"], ([path, ...words]) => startDaemon(path, words));
}

/**
 * Calls the runtime by descriptions in memory, so that nothing is left, however this process ends. And by a handle of the bundle: by its
 * path runtimes make it again where the container has just ended (crun 1.8, `get_run_directory`).
 */
async function withCall<T extends number | "left">(
  { runtime, bundle, config: { root, process: first }, spec }: ExecRequest,
  console: Pick<OciProcess, "consoleSize">,
  options: readonly string[],
  call: (argv: Argv, readLog: () => ExecLog) => Promise<T>,
): Promise<T | number> {
  const user = spec.user === undefined ? undefined : resolveUser(spec.user, readUserDatabases(root.path));
  const command = { ...execProcess(first, spec, user), ...console };
  using handle = openBundle(bundle);
  const state = `${pathOf(handle.descriptor)}/${Bundle.state}`;
  return await withMemoryFile(ociText(command), (description) =>
    withMemoryFile("", async (log) => {
      const [path, ...leading] = runtime.argv(bundle, state);
      const logging = ["--log", pathOf(log), "--log-format", "json"];
      const exec = ["exec", ...options, "--process", pathOf(description), bundle.id];
      const readLog = (): ExecLog => parseExecLog(readFileSync(pathOf(log)));
      const code = await call([path, ...leading, ...logging, ...exec], readLog);
      if (code === 0 || code === "left") return code;
      const { complaint } = readLog();
      if (complaint === undefined) return code;
      if (commandExitCode(complaint) === EXIT_UNREAD) return EXIT_UNREAD;
      throw runtimeFailure({
        runtime: runtime.name,
        action: `run a command in container ${bundle.id.slice(0, 12)}`,
        stderr: complaint,
        ...(spec.command[0] === undefined ? {} : { command: spec.command[0] }),
      });
    }),
  );
}

/** Throws `conflict` where it is gone. */
function openBundle(bundle: Bundle): Disposable & { readonly descriptor: number } {
  try {
    const descriptor = openSync(bundle.path, constants.O_RDONLY | constants.O_DIRECTORY);
    return { descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
  } catch {
    throw stateLost(bundle, bundle.path);
  }
}

/** Where another process finds a file of this one that has no name. */
function pathOf(descriptor: number): string {
  return `/proc/${process.pid}/fd/${descriptor}`;
}

/**
 * That of the caller's terminal, even where standard input is none; the runtime reports later changes by itself. runc sets
 * it before the command begins, crun a moment after (libcrun, `libcrun_container_exec_with_options`).
 */
function consoleSize({ tty }: ExecSpec, { stdout }: Streams): Pick<OciProcess, "consoleSize"> {
  const size = tty === true ? terminalSize(stdout) : undefined;
  return size === undefined ? {} : { consoleSize: { height: size.rows, width: size.columns } };
}
