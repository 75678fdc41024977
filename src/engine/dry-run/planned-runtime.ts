import type {
  ContainerLimits,
  ExecSpec,
  LogLine,
  LogOptions,
  OnStep,
  ProcessList,
  RuntimeProcess,
} from "../../api/index.js";
import type {
  Attachment,
  Exit,
  Runtime,
  RuntimeCall,
  RuntimeRun,
  RuntimeSpec,
  Store,
  Usage,
} from "../../contracts/index.js";
import type { PlannedRuns } from "./planned-runs.js";

export interface PlannedRuntimeParts {
  readonly real: Runtime;
  readonly store: Pick<Store, "containers" | "transaction">;
  readonly runs: PlannedRuns;
  readonly tell: OnStep;
}

/**
 * A runtime that reports what another would run. Containers live once they are created, and end at the first signal; one in
 * the foreground ends by itself, so that nobody waits for what does not happen.
 */
export class PlannedRuntime implements Runtime {
  constructor(private readonly parts: PlannedRuntimeParts) {}

  get name(): string {
    return this.parts.real.name;
  }

  choose(wanted: string | undefined): string {
    return this.parts.real.choose(wanted);
  }

  async create(spec: RuntimeSpec): Promise<RuntimeProcess> {
    this.say(`create container ${spec.name}`, { verb: "create", spec });
    return this.parts.runs.start();
  }

  async attach({ id }: Pick<RuntimeSpec, "id">): Promise<Attachment> {
    const { runs, tell } = this.parts;
    return {
      pump: async () => {
        tell({ verb: "run", what: `wait until container ${this.nameOf(id)} ends`, sends: [] });
        const process = this.processOf(id);
        if (process !== undefined) runs.end(process, 0);
        this.endForGood(id);
        return "ended";
      },
      close: () => undefined,
    };
  }

  async start(id: string): Promise<void> {
    this.say(`start container ${this.nameOf(id)}`, { verb: "start", id });
  }

  async exec(id: string, { command }: ExecSpec): Promise<number> {
    this.parts.tell({ verb: "run", what: `execute ${command.join(" ")} in container ${this.nameOf(id)}`, sends: [] });
    return 0;
  }

  async execDetached(id: string, spec: ExecSpec): Promise<void> {
    await this.exec(id, spec);
  }

  usage(run: RuntimeRun): Promise<Usage> {
    return this.parts.real.usage(run);
  }

  top(run: RuntimeRun, options: readonly string[]): Promise<ProcessList> {
    return this.parts.real.top(run, options);
  }

  async kill(run: RuntimeRun, signal: string): Promise<number> {
    this.say(`send ${signal} to container ${this.nameOf(run.id)}`, { verb: "kill", run, signal });
    if (run.process !== undefined) this.parts.runs.end(run.process, 137);
    return 0;
  }

  async freeze(id: string): Promise<void> {
    this.say(`freeze container ${this.nameOf(id)}`, { verb: "freeze", id });
  }

  resize(): void {}

  async thaw(id: string): Promise<void> {
    this.say(`let container ${this.nameOf(id)} go on`, { verb: "thaw", id });
  }

  isFrozen(id: string): boolean {
    return this.parts.real.isFrozen(id);
  }

  async limit(id: string, present: ContainerLimits, wanted: ContainerLimits): Promise<void> {
    this.say(`change the limits of container ${this.nameOf(id)}`, { verb: "limit", id, present, wanted });
  }

  exit(id: string): Exit | undefined {
    const process = this.processOf(id);
    return (process && this.parts.runs.exit(process)) ?? this.parts.real.exit(id);
  }

  async recordedExit(id: string): Promise<Exit | undefined> {
    return this.exit(id);
  }

  attend(): void {}

  leave(): void {}

  async callExitCommand(id: string): Promise<void> {
    this.say(`have container ${this.nameOf(id)} started again`, { verb: "see-to-end", id });
  }

  isSupervised(id: string): boolean {
    return this.parts.real.isSupervised(id);
  }

  async remove(run: RuntimeRun): Promise<void> {
    this.say(`end what is left of container ${this.nameOf(run.id)}`, { verb: "remove", run });
  }

  logs(id: string, options: LogOptions): AsyncIterable<LogLine> {
    return this.parts.real.logs(id, options);
  }

  async forget(id: string): Promise<void> {
    this.say(`remove the logs of container ${this.nameOf(id)}`, { verb: "forget", id });
  }

  versions(): Promise<Readonly<Record<string, string>>> {
    return this.parts.real.versions();
  }

  describe(call: RuntimeCall): readonly string[] {
    return this.parts.real.describe(call);
  }

  /** Nobody waits for restarts either. */
  private endForGood(id: string): void {
    const { store } = this.parts;
    store.transaction(() => {
      const row = store.containers.get(id);
      if (row !== undefined) store.containers.update({ ...row, container: { ...row.container, stoppedByUser: true } });
    });
  }

  private say(what: string, call: RuntimeCall): void {
    this.parts.tell({ verb: "run", what, sends: this.describe(call) });
  }

  private nameOf(id: string): string {
    return this.parts.store.containers.get(id)?.container.name ?? id;
  }

  private processOf(id: string): RuntimeProcess | undefined {
    const { pid, pidStart } = this.parts.store.containers.get(id)?.container ?? {};
    return pid === undefined || pidStart === undefined ? undefined : { pid, start: pidStart };
  }
}
