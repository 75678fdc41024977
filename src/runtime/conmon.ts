import type { RuntimeSpec } from "../contracts/index.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { spawnReporter } from "../kernel/programs/spawn.js";
import type { Bundle } from "./bundle.js";
import { logName } from "./log-file.js";
import { runtimeFailure } from "./runtime-failure.js";
import type { RuntimeProgram } from "./runtime-program.js";

/** What conmon needs to know; paths are absolute. */
export interface Supervision {
  readonly conmon: string;
  readonly runtime: RuntimeProgram;
  readonly bundle: Bundle;
  readonly logDir: string;
  readonly exitCommand: readonly string[];
  readonly spec: Pick<RuntimeSpec, "id" | "name" | "tty" | "interactive" | "keepsInput" | "command" | "log">;
}

export interface Supervised {
  /** The container's process 1, which waits for `start`. */
  readonly pid: number;
  /** Settles once the exit is recorded, or the supervisor is gone. */
  readonly recorded: Promise<void>;
  /** Keeps the calling process alive until then. */
  readonly hold: () => void;
}

/**
 * Has a new conmon create the container. conmon forks twice, so it has no parent to wait for it when this returns, and
 * reports on the descriptor that `_OCI_SYNCPIPE` names: `{"data": pid}`, or -1 and the runtime's words. Throws as
 * {@link runtimeFailure}.
 */
export async function supervise(supervision: Supervision): Promise<Supervised> {
  const { conmon, bundle, logDir, spec } = supervision;
  const argv = conmonArguments(supervision);
  const { reporter, report } = await boundaryOperation(
    { into: "program", what: () => `conmon ${argv.join(" ")}` },
    async () => {
      const started = await spawnReporter(conmon, argv, {
        // conmon keeps its working directory; this one is used by the container anyhow, and file names below it stay short.
        cwd: logDir,
        env: { _OCI_SYNCPIPE: "3", ...temporaryDirectory(bundle) },
      });
      return { reporter: started, report: await started.report };
    },
  );
  const { data, message } = parseReport(report);
  if (data > 0) return { pid: data, recorded: reporter.closed, hold: reporter.hold };
  throw runtimeFailure({
    runtime: supervision.runtime.name,
    action: `create container ${spec.id.slice(0, 12)}`,
    stderr: message ?? (await reporter.errors),
    command: spec.command[0] ?? "",
  });
}

export function conmonArguments({ runtime, bundle, exitCommand, spec }: Supervision): readonly string[] {
  const [runtimePath, ...runtimeArguments] = runtime.createArgv(bundle);
  const exit = exitScript(bundle, exitCommand);
  return [
    ...["--api-version", "1"],
    ...["--cid", spec.id],
    ...["--cuuid", spec.id],
    ...["--name", spec.name],
    ...["--bundle", bundle.path],
    ...["--container-pidfile", bundle.containerPid],
    ...["--conmon-pidfile", bundle.supervisorPid],
    ...["--exit-dir", bundle.exits],
    ...logArguments(spec),
    // Waiting for the disk at each exit is dearer than the last lines after a power cut are worth.
    "--no-sync-log",
    // The attach socket lies in the bundle, not behind a symbolic link elsewhere.
    "--full-attach",
    ...(spec.tty ? ["--terminal"] : []),
    ...(spec.interactive ? ["--stdin"] : []),
    ...(spec.interactive && spec.keepsInput ? ["--leave-stdin-open"] : []),
    ...["--runtime", runtimePath],
    ...runtimeArguments.map((argument) => `--runtime-arg=${argument}`),
    ...["--exit-command", exit[0]],
    ...exit.slice(1).map((argument) => `--exit-command-arg=${argument}`),
  ];
}

/** conmon itself keeps one file to a size, and begins it again when that is full: see rotateLog for several. */
function logArguments({ id, log }: Supervision["spec"]): readonly string[] {
  if (log?.driver === "none") return ["--log-path", "none"];
  const { maxSize, maxFiles = 1 } = log ?? {};
  const bound = maxSize === undefined || maxFiles > 1 ? [] : ["--log-size-max", String(maxSize)];
  // Relative, since conmon cuts a log path at its second colon.
  return ["--log-path", `k8s-file:${logName(id)}`, ...bound];
}

/**
 * Calls the exit command, unless a process of tsd that lives sees to the container's end: its pid and start time are in the
 * file `attendant`. A start time is the 22nd word of /proc/PID/stat (proc_pid_stat(5)), where the second is a name that may
 * have spaces. conmon calls this after a failed creation too, where there is nothing to release: the bundle is there then, and
 * no record of an exit. Where the bundle is lost, there can be none.
 */
const EXIT_SCRIPT = [
  "unset TMPDIR; config=$1 attendant=$2; shift 2;",
  'lives() { case $1 in [ZXx]) return 1; esac; shift 19; test "$1" = "$since"; };',
  `if { read -r pid since < "$attendant" && read -r stat < "/proc/$pid/stat" && lives \${stat##*) }; } 2> /dev/null; then exit; fi;`,
  'if test -e "$0" || ! test -e "$config"; then exec "$@"; fi',
].join(" ");

function exitScript(bundle: Bundle, exitCommand: readonly string[]): readonly [string, ...string[]] {
  return [
    ...(["/bin/sh", "-c", EXIT_SCRIPT] as const),
    bundle.exitFile,
    bundle.config,
    bundle.attendant,
    ...exitCommand,
    bundle.id,
  ];
}

/** `sun_path` of unix(7) less what conmon appends, `/conmon-term.XXXXXX` and a NUL. */
const MAX_TEMPORARY_DIRECTORY = 108 - 20;

/** conmon leaves its console socket behind when creation fails; in the bundle it goes with it. */
function temporaryDirectory({ path }: Bundle): Readonly<Record<string, string>> {
  return Buffer.byteLength(path) <= MAX_TEMPORARY_DIRECTORY ? { TMPDIR: path } : {};
}

interface Report {
  readonly data: number;
  readonly message?: string;
}

function parseReport(line: string | undefined): Report {
  if (line === undefined) return { data: -1 };
  try {
    return JSON.parse(line) as Report;
  } catch {
    // conmon does not escape every control character.
    return { data: -1, message: line };
  }
}
