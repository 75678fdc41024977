import type { Exit, Processes } from "../../contracts/index.js";

type RunProcess = Parameters<Processes["isRunning"]>[0];

/** The processes of containers as a plan would leave them: those it starts live, those it ends do not. */
export class PlannedRuns {
  private readonly started = new Set<string>();
  private readonly exits = new Map<string, Exit>();
  private count = 0;

  /** A process that no machine has. */
  start(): RunProcess {
    const process = { pid: -1 - this.count++, start: 0 };
    this.started.add(key(process));
    return process;
  }

  /** Ends a process; one that has ended keeps its exit. */
  end(process: RunProcess, code: number): void {
    if (!this.exits.has(key(process))) this.exits.set(key(process), { code, at: new Date().toISOString() });
  }

  exit(process: RunProcess): Exit | undefined {
    return this.exits.get(key(process));
  }

  /** The machine's processes, but for those of the plan. */
  over(real: Processes): Processes {
    return {
      self: () => real.self(),
      isAlive: (owner) => real.isAlive(owner),
      isRunning: (process) => {
        if (this.exits.has(key(process))) return false;
        return this.started.has(key(process)) || real.isRunning(process);
      },
    };
  }
}

function key({ pid, start }: RunProcess): string {
  return `${pid} ${start}`;
}
