import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ExecSpec } from "../api/index.js";
import { runInForeground } from "../kernel/spawn.js";
import type { Bundle } from "./bundle.js";
import { execProcess } from "./exec-process.js";
import type { OciProcess } from "./oci-config.js";
import { commandExitCode, runtimeFailure } from "./runtime-failure.js";
import type { RuntimeProgram } from "./runtime-program.js";
import { readUserDatabases, resolveUser } from "./user.js";

export interface ExecRequest {
  readonly runtime: RuntimeProgram;
  readonly bundle: Bundle;
  readonly spec: ExecSpec;
}

/**
 * Runs a command in a running container, on the calling process's streams; the runtime relays the terminal. Answers the
 * command's exit code, or 126 or 127 where it cannot be run: the runtime has then told why on standard error. Throws
 * `runtime` where the runtime itself failed.
 */
export async function execInContainer({ runtime, bundle, spec }: ExecRequest): Promise<number> {
  const { root, process } = bundle.readConfig();
  const user = spec.user === undefined ? undefined : resolveUser(spec.user, readUserDatabases(root.path));
  const session = mkdtempSync(`${bundle.path}/exec-`);
  const files = { process: `${session}/process.json`, log: `${session}/log` };
  try {
    const command = { ...execProcess(process, spec, user), ...(spec.tty === true ? consoleSize() : {}) };
    writeFileSync(files.process, JSON.stringify(command), { mode: 0o600 });
    const [path, ...leading] = runtime.argv(bundle);
    const args = [
      ...leading,
      "--log",
      files.log,
      "--log-format",
      "json",
      "exec",
      "--process",
      files.process,
      bundle.id,
    ];
    const code = await runInForeground(path, args, spec.interactive === true || spec.tty === true);
    const complaint = code === 0 ? undefined : lastError(files.log);
    if (complaint === undefined) return code;
    const commandCode = commandExitCode(complaint);
    if (commandCode !== undefined) return commandCode;
    throw runtimeFailure({
      runtime: runtime.name,
      action: `run a command in container ${bundle.id.slice(0, 12)}`,
      stderr: complaint,
    });
  } finally {
    rmSync(session, { recursive: true, force: true });
  }
}

/**
 * That of the caller's terminal, even where standard input is none; the runtime tells of later changes by itself. runc sets
 * it before the command begins, crun a moment after (libcrun, `libcrun_container_exec_with_options`).
 */
function consoleSize(): Pick<OciProcess, "consoleSize"> {
  const { isTTY, rows, columns } = process.stdout;
  return isTTY ? { consoleSize: { height: rows, width: columns } } : {};
}

/** The runtime's own complaint, if it had one: its exit code alone could be the command's. */
function lastError(log: string): string | undefined {
  const lines = readLog(log).split("\n");
  const entries = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as { level: string; msg: string });
  return entries.findLast(({ level }) => level === "error")?.msg;
}

/** Runtimes make the log only when they have something to say. */
function readLog(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
