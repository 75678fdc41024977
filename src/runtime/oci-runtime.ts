import { mkdirSync } from "node:fs";
import { basename } from "node:path";
import type {
  ContainerLimits,
  ExecSpec,
  LogLine,
  LogOptions,
  ProcessList,
  RuntimeProcess,
  Streams,
  TerminalSize,
} from "../api/index.js";
import type {
  Attachment,
  ExecCall,
  Exit,
  Leaving,
  Runtime,
  RuntimeCall,
  RuntimeRun,
  RuntimeSpec,
  Usage,
} from "../contracts/index.js";
import { signalNumber } from "../contracts/signal-number.js";
import { processes, startOf } from "../kernel/process-identity.js";
import { programPath } from "../kernel/programs/program-path.js";
import { signalProcess } from "../kernel/programs/signal-process.js";
import { startApart } from "../kernel/programs/start-apart.js";
import { Bundle } from "./bundle.js";
import { type Cgroups, detectCgroups, readCgroupFacts } from "./cgroup-mode.js";
import { removeCgroups } from "./cgroup-remains.js";
import { type Supervised, supervise } from "./conmon.js";
import { sendSize } from "./console-control.js";
import { deleteState } from "./delete-state.js";
import { describeCall } from "./describe-call.js";
import { orDiskFull } from "./disk-full.js";
import type { ExecRequest } from "./exec-session.js";
import { freeze, isFrozen, thaw } from "./freezer.js";
import { changeLimits } from "./live-limits.js";
import { logName, removeLog, requireLogPlace } from "./log-file.js";
import { removeSupervisorsNote } from "./memory-events.js";
import { requireShared } from "./namespaces.js";
import { ociConfig } from "./oci-spec.js";
import { killAndWait } from "./process-table.js";
import { requireReadOnly } from "./read-only-binds.js";
import { recordedExit } from "./recorded-exit.js";
import { requireLimits } from "./require-limits.js";
import { stateLost, stuck } from "./run-errors.js";
import { programVersion, type RuntimeProgram } from "./runtime-program.js";
import { RuntimePrograms } from "./runtime-programs.js";
import { endSupervisor, supervisorOf } from "./supervisors.js";
import { surroundingsOf } from "./surroundings.js";

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
  readonly programs: RuntimePrograms;
  readonly cgroups: Cgroups;
}

/** Containers made by an OCI runtime's command line (crun or runc), each supervised by one conmon. */
export class OciRuntime implements Runtime {
  readonly freeze = freeze;
  readonly isFrozen = isFrozen;
  private known: Machine | undefined;
  /** The containers created by this object, until they are removed or attached to. */
  private readonly supervised = new Map<string, Supervised>();

  constructor(private readonly options: OciRuntimeOptions) {}

  get name(): string {
    return this.machine().programs.named(undefined).name;
  }

  choose(wanted: string | undefined): string {
    return this.machine().programs.choose(wanted);
  }

  async create(spec: RuntimeSpec): Promise<RuntimeProcess> {
    const { conmon, programs, cgroups } = this.machine();
    const runtime = programs.named(spec.runtime);
    const { logDir, runDir, exitCommand } = this.options;
    const bundle = this.bundle(spec.id);
    const surroundings = surroundingsOf(spec, runtime.path, cgroups);
    const { deepReadOnly: deep } = surroundings;
    const config = ociConfig(spec, surroundings);
    for (const directory of [logDir, runDir]) mkdirSync(directory, { recursive: true, mode: 0o700 });
    requireLogPlace(this.logPath(spec.id));
    try {
      bundle.write(config);
      const supervised = await supervise({ conmon, runtime, bundle, logDir, exitCommand, spec });
      const process = { pid: supervised.pid, start: startOf(supervised.pid) ?? 0 };
      bundle.writeProcess(process);
      this.supervised.set(spec.id, supervised);
      requireReadOnly(supervised.pid, deep, spec.binds);
      requireShared(supervised.pid, spec.confinement);
      const { blkioWeight } = spec.limits;
      if (blkioWeight) changeLimits(spec.id, {}, { blkioWeight }, cgroups);
      return process;
    } catch (error) {
      const failure = orDiskFull(error, [runDir, logDir]);
      await this.remove({ id: spec.id });
      throw failure;
    }
  }

  async attach(
    spec: Pick<RuntimeSpec, "id" | "tty" | "interactive">,
    streams: Streams,
    leaving: Leaving = {},
  ): Promise<Attachment> {
    const { attach } = await import("./attach.js");
    const supervised = this.supervised.get(spec.id);
    this.supervised.delete(spec.id);
    return attach({ bundle: this.bundle(spec.id), spec, streams, leaving, supervised });
  }

  async start(id: string): Promise<void> {
    const bundle = this.requireState(id);
    await this.madeBy(bundle).run(bundle, "start", "start", id);
  }

  async exec(id: string, spec: ExecSpec, { leaving = {}, ...options }: ExecCall): Promise<number | "left"> {
    const { execInContainer } = await import("./exec-session.js");
    return execInContainer({ ...this.execRequest(id, spec), leaving, ...options });
  }

  async execDetached(id: string, spec: ExecSpec): Promise<void> {
    const { execDetached } = await import("./exec-session.js");
    await execDetached(this.execRequest(id, spec));
  }

  async usage(run: RuntimeRun): Promise<Usage> {
    const { readUsage } = await import("./usage.js");
    return readUsage(run);
  }

  async top(run: RuntimeRun, options: readonly string[]): Promise<ProcessList> {
    const [{ membersOf }, { listProcesses }] = await Promise.all([import("./usage.js"), import("./process-list.js")]);
    return listProcesses(membersOf(run), options);
  }

  async kill({ id, process = this.bundle(id).readProcess() }: RuntimeRun, signal: string): Promise<number> {
    const number = signalNumber(signal);
    if (process === undefined) return number;
    signalProcess(process, number);
    // In version 1 of control groups a frozen process is not even killed.
    if (number === SIGKILL) thaw(id);
    return number;
  }

  async thaw(id: string): Promise<void> {
    thaw(id);
  }

  resize(id: string, size: TerminalSize): void {
    sendSize(this.bundle(id).control, size);
  }

  async limit(id: string, present: ContainerLimits, wanted: ContainerLimits): Promise<void> {
    const { cgroups } = this.machine();
    requireLimits(wanted, cgroups);
    changeLimits(id, present, wanted, cgroups);
  }

  exit(id: string): Exit | undefined {
    return this.bundle(id).readExit();
  }

  async recordedExit(id: string): Promise<Exit | undefined> {
    return recordedExit(this.bundle(id));
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
    thaw(id);
    // Killed here and not by the runtime, since runc waits in steps of 100 ms.
    const process = run.process ?? bundle.readProcess();
    if (process !== undefined && !(await killAndWait(process))) throw stuck(id, process);
    await deleteState(() => this.machine().programs.of(bundle), bundle);
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
    const { conmon, programs, cgroups } = this.machine();
    const { logDir, exitCommand } = this.options;
    const id = idOf(call);
    const bundle = this.bundle(id);
    return describeCall(call, {
      conmon,
      cgroups,
      runtime: call.verb === "create" ? programs.named(call.spec.runtime) : programs.of(bundle),
      bundle,
      logDir,
      exitCommand,
      logPath: this.logPath(id),
    });
  }

  async versions(): Promise<Readonly<Record<string, string>>> {
    const { conmon, programs, cgroups } = this.machine();
    const { path } = programs.named(undefined);
    const [runtimeVersion, conmonVersion] = await Promise.all([programVersion(path), programVersion(conmon)]);
    return { [basename(path)]: runtimeVersion, conmon: conmonVersion, cgroups: cgroups.mode };
  }

  /** Looked for when first needed: reading logs needs no runtime. */
  private machine(): Machine {
    if (this.known !== undefined) return this.known;
    const cgroups = detectCgroups(readCgroupFacts());
    const conmon = programPath("conmon");
    this.known = { conmon, programs: new RuntimePrograms(this.options.runtime, cgroups), cgroups };
    return this.known;
  }

  /** The runtime that knows the container. Throws `unsupported` where it is gone. */
  private madeBy(bundle: Bundle): RuntimeProgram {
    return this.machine().programs.requireOf(bundle);
  }

  private bundle(id: string): Bundle {
    return new Bundle(this.options.runDir, id);
  }

  private execRequest(id: string, spec: ExecSpec): ExecRequest {
    const bundle = this.requireState(id);
    const config = bundle.readConfig();
    if (config === undefined) throw stateLost(bundle, bundle.config);
    return { runtime: this.madeBy(bundle), bundle, config, spec };
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

const SIGKILL = 9;

function idOf(call: RuntimeCall): string {
  if (call.verb === "create") return call.spec.id;
  return "run" in call ? call.run.id : call.id;
}
