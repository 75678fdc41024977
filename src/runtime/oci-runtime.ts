import { mkdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecOptions, ExecSpec, LogLine, LogOptions, RuntimeProcess, Streams } from "../api/index.js";
import { monotonicTime } from "../contracts/clock.js";
import type { Attachment, Exit, Runtime, RuntimeCall, RuntimeRun, RuntimeSpec } from "../contracts/index.js";
import { signalNumber } from "../contracts/signal-number.js";
import { TsdError } from "../errors/tsd-error.js";
import { processes, startOf } from "../kernel/process-identity.js";
import { programPath } from "../kernel/programs/program-path.js";
import { signalProcess } from "../kernel/programs/signal-process.js";
import { startApart } from "../kernel/programs/start-apart.js";
import { Bundle } from "./bundle.js";
import { type Cgroups, detectCgroups, readCgroupFacts, requireLimits } from "./cgroup-mode.js";
import { removeCgroups } from "./cgroup-remains.js";
import { type Supervised, supervise } from "./conmon.js";
import { deleteState } from "./delete-state.js";
import { describeCall } from "./describe-call.js";
import { orDiskFull } from "./disk-full.js";
import { logName, removeLog, requireLogPlace } from "./log-file.js";
import { ranOutOfMemory, removeSupervisorsNote } from "./memory-events.js";
import { ociConfig } from "./oci-spec.js";
import { killAndWait } from "./process-table.js";
import { deepReadOnly, requireReadOnly } from "./read-only-binds.js";
import { programVersion, RuntimeProgram } from "./runtime-program.js";
import { endSupervisor, supervisorOf } from "./supervisors.js";
import { readUserDatabases, resolveUser } from "./user.js";

export interface OciRuntimeOptions {
  /** Name or path; default crun, else runc. */
  readonly runtime?: string;
  /** Holds a directory per container while it runs. */
  readonly runDir: string;
  /** Holds a file per container. */
  readonly logDir: string;
  /** Run by the supervisor once a container's exit is recorded, with the container's id appended. By absolute path. */
  readonly exitCommand: readonly string[];
}

interface Machine {
  readonly conmon: string;
  readonly runtimePath: string;
  readonly runtime: RuntimeProgram;
  readonly cgroups: Cgroups;
}

/** Containers made by an OCI runtime's command line (crun or runc), each supervised by one conmon. */
export class OciRuntime implements Runtime {
  private known: Machine | undefined;
  /** The containers created by this object, until they are removed or attached to. */
  private readonly supervised = new Map<string, Supervised>();

  constructor(private readonly options: OciRuntimeOptions) {}

  get name(): string {
    return this.machine().runtime.name;
  }

  async create(spec: RuntimeSpec): Promise<RuntimeProcess> {
    const { conmon, runtime, cgroups } = this.machine();
    requireLimits(spec, cgroups);
    const user = resolveUser(spec.user, readUserDatabases(spec.rootfs));
    const { logDir, runDir, exitCommand } = this.options;
    const bundle = this.bundle(spec.id);
    for (const directory of [logDir, runDir]) mkdirSync(directory, { recursive: true, mode: 0o700 });
    requireLogPlace(this.logPath(spec.id));
    const deep = deepReadOnly(spec.binds);
    try {
      bundle.write(ociConfig(spec, { user, cgroups, openFiles: openFilesLimit(), deepReadOnly: deep }));
      const supervised = await supervise({ conmon, runtime, bundle, logDir, exitCommand, spec });
      const process = { pid: supervised.pid, start: startOf(supervised.pid) ?? 0 };
      bundle.writeProcess(process);
      this.supervised.set(spec.id, supervised);
      requireReadOnly(supervised.pid, deep, spec.binds);
      return process;
    } catch (error) {
      const failure = orDiskFull(error, [runDir, logDir]);
      await this.remove({ id: spec.id });
      throw failure;
    }
  }

  async attach(spec: Pick<RuntimeSpec, "id" | "tty" | "interactive">, streams: Streams): Promise<Attachment> {
    const { attach } = await import("./attach.js");
    const supervised = this.supervised.get(spec.id);
    this.supervised.delete(spec.id);
    return attach({ bundle: this.bundle(spec.id), spec, streams, supervised });
  }

  async start(id: string): Promise<void> {
    await this.machine().runtime.run(this.requireState(id), "start", "start", id);
  }

  async exec(id: string, spec: ExecSpec, options: ExecOptions & { readonly streams: Streams }): Promise<number> {
    const { execInContainer } = await import("./exec-session.js");
    const bundle = this.requireState(id);
    const config = bundle.readConfig();
    if (config === undefined) throw stateLost(bundle, bundle.config);
    return execInContainer({ runtime: this.machine().runtime, bundle, config, spec, ...options });
  }

  async kill({ id, process = this.bundle(id).readProcess() }: RuntimeRun, signal: string): Promise<void> {
    const number = signalNumber(signal);
    if (process !== undefined) signalProcess(process, number);
  }

  exit(id: string): Exit | undefined {
    return this.bundle(id).readExit();
  }

  async recordedExit(id: string): Promise<Exit | undefined> {
    const supervisor = supervisorOf(this.bundle(id));
    const deadline = monotonicTime() + RECORD_PATIENCE;
    const isComing = (): boolean => supervisor !== undefined && processes.isRunning(supervisor);
    while (this.exit(id) === undefined && isComing() && monotonicTime() < deadline) await sleep(2);
    const exit = this.exit(id);
    return exit !== undefined && ranOutOfMemory(id) ? { ...exit, outOfMemory: true } : exit;
  }

  attend(id: string): void {
    this.noteAttendant(id, processes.self());
  }

  leave(id: string): void {
    this.noteAttendant(id, undefined);
  }

  callExitCommand(id: string): Promise<void> {
    return startApart([...this.options.exitCommand, id]);
  }

  isSupervised(id: string): boolean {
    return supervisorOf(this.bundle(id)) !== undefined;
  }

  async remove(run: RuntimeRun): Promise<void> {
    const { id } = run;
    this.supervised.delete(id);
    const bundle = this.bundle(id);
    await endSupervisor(bundle);
    removeSupervisorsNote(this.options.logDir);
    // Killed here and not by the runtime, since runc waits in steps of 100 ms.
    const process = run.process ?? bundle.readProcess();
    if (process !== undefined && !(await killAndWait(process))) throw stuck(id, process);
    await deleteState(() => this.machine().runtime, bundle);
    await removeCgroups(id);
    bundle.remove();
  }

  async *logs(id: string, options: LogOptions): AsyncGenerator<LogLine> {
    const { readLogs } = await import("./logs.js");
    yield* readLogs(this.logPath(id), this.bundle(id), options);
  }

  async forget(id: string): Promise<void> {
    removeLog(this.logPath(id));
  }

  describe(call: RuntimeCall): readonly string[] {
    const { conmon, runtime } = this.machine();
    const { logDir, exitCommand } = this.options;
    const id = idOf(call);
    return describeCall(call, {
      conmon,
      runtime,
      bundle: this.bundle(id),
      logDir,
      exitCommand,
      logPath: this.logPath(id),
    });
  }

  async versions(): Promise<Readonly<Record<string, string>>> {
    const { conmon, runtimePath, cgroups } = this.machine();
    const [runtimeVersion, conmonVersion] = await Promise.all([programVersion(runtimePath), programVersion(conmon)]);
    return { [basename(runtimePath)]: runtimeVersion, conmon: conmonVersion, cgroups: cgroups.mode };
  }

  /** Looked for when first needed: reading logs needs no runtime. */
  private machine(): Machine {
    if (this.known !== undefined) return this.known;
    const { runtime } = this.options;
    const runtimePath = runtime === undefined ? programPath("crun", "runc") : programPath(runtime);
    const cgroups = detectCgroups(readCgroupFacts());
    const conmon = programPath("conmon");
    this.known = { conmon, runtimePath, runtime: new RuntimeProgram(runtimePath, cgroups), cgroups };
    return this.known;
  }

  private bundle(id: string): Bundle {
    return new Bundle(this.options.runDir, id);
  }

  private noteAttendant(id: string, process: RuntimeProcess | undefined): void {
    const bundle = this.bundle(id);
    if (!bundle.exists()) return;
    try {
      bundle.writeAttendant(process);
    } catch {
      // The supervisor then calls the exit command, which finds the work done or under way.
    }
  }

  private requireState(id: string): Bundle {
    const bundle = this.bundle(id);
    if (bundle.hasState() && bundle.hasConfig()) return bundle;
    throw stateLost(bundle, bundle.hasConfig() ? bundle.state : bundle.path);
  }

  private logPath(id: string): string {
    return `${this.options.logDir}/${logName(id)}`;
  }
}

/** Milliseconds from the end of a process to its supervisor's record of it. */
const RECORD_PATIENCE = 1000;

function idOf(call: RuntimeCall): string {
  if (call.verb === "create") return call.spec.id;
  return "run" in call ? call.run.id : call.id;
}

function stateLost({ id }: Bundle, path: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_RUNTIME_STATE_LOST",
    message: `the run-time files of container ${id.slice(0, 12)} are lost: somebody removed or changed ${path}`,
    hint: `What runs in it goes on, and it can be stopped; a new start makes them again: tsd restart ${id.slice(0, 12)}`,
    details: { container: id, path },
  });
}

function stuck(id: string, { pid }: RuntimeProcess): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_RUNTIME_PROCESS_STUCK",
    message: `process ${pid} of container ${id.slice(0, 12)} was killed and does not go`,
    hint: `See what it waits for: cat /proc/${pid}/stack. The next command tries again.`,
    details: { container: id, pid },
  });
}

/** The hard limit of proc_pid_limits(5), in files. */
function openFilesLimit(): number {
  const limit = /^Max open files\s+\S+\s+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === undefined || limit === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(limit);
}
