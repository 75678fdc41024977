import { readFileSync } from "node:fs";
import type { ExecOptions, ExecSpec, Streams } from "../api/index.js";
import { withMemoryFile } from "../kernel/programs/memory-file.js";
import type { Bundle } from "./bundle.js";
import { endedBy } from "./ended-by.js";
import { type ExecLog, parseExecLog } from "./exec-log.js";
import { execProcess } from "./exec-process.js";
import { runWithStreams } from "./exec-streams.js";
import type { OciConfig, OciProcess } from "./oci-config.js";
import { ociText } from "./oci-text.js";
import { commandExitCode, EXIT_UNREAD, runtimeFailure } from "./runtime-failure.js";
import type { RuntimeProgram } from "./runtime-program.js";
import { terminalSize } from "./terminal.js";
import { readUserDatabases, resolveUser } from "./user.js";

export interface ExecRequest extends ExecOptions {
  readonly runtime: RuntimeProgram;
  readonly bundle: Bundle;
  /** What the container's first process was made from. */
  readonly config: OciConfig;
  readonly spec: ExecSpec;
  readonly streams: Streams;
}

/**
 * Runs a command in a running container and relays its streams. Returns the
 * command's exit code. Throws `not-found` or `invalid-input` where it cannot be run, of which the runtime has told on standard
 * error in its own words, and `runtime` where the runtime itself failed.
 *
 * What the command leaves running is not waited for, and cut off. Only runc, which has further pipes in between, waits.
 */
export async function execInContainer(request: ExecRequest): Promise<number> {
  const { runtime, bundle, config, spec, streams, onStart, signal } = request;
  const { root, process: first } = config;
  const user = spec.user === undefined ? undefined : resolveUser(spec.user, readUserDatabases(root.path));
  const command = { ...execProcess(first, spec, user), ...(spec.tty === true ? consoleSize(streams) : {}) };
  // In memory, so that nothing is left, however this process ends.
  return withMemoryFile(ociText(command), (description) =>
    withMemoryFile("", async (log) => {
      const [path, ...leading] = runtime.argv(bundle);
      const logging = ["--log", pathOf(log), "--log-format", "json"];
      const argv = [path, ...leading, ...logging, "exec", "--process", pathOf(description), bundle.id] as const;
      const readLog = (): ExecLog => parseExecLog(readFileSync(pathOf(log)));
      const remainder = (): Buffer => readLog().unread;
      const code = await endedBy(signal, onStart, (onRun) =>
        runWithStreams(argv, { spec, streams, onStart: onRun, remainder }),
      );
      const { complaint } = readLog();
      if (code === 0 || complaint === undefined) return code;
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

/** Where another process finds a file of this one that has no name. */
function pathOf(descriptor: number): string {
  return `/proc/${process.pid}/fd/${descriptor}`;
}

/**
 * That of the caller's terminal, even where standard input is none; the runtime reports later changes by itself. runc sets
 * it before the command begins, crun a moment after (libcrun, `libcrun_container_exec_with_options`).
 */
function consoleSize({ stdout }: Streams): Pick<OciProcess, "consoleSize"> {
  const size = terminalSize(stdout);
  return size === undefined ? {} : { consoleSize: { height: size.rows, width: size.columns } };
}
