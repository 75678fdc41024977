import type { RuntimeProcess } from "../../../src/api/index.js";
import type { Owner, Processes } from "../../../src/contracts/index.js";

/** Who lives on the fake machine: processes of tsd and of containers. */
export class ProcessTable {
  private readonly living = new Map<number, number>();
  private last = 100;
  private boots = 0;

  spawn(): Owner {
    const pid = ++this.last;
    this.living.set(pid, pid * 10);
    return { pid, start: pid * 10, bootId: this.bootId };
  }

  /** The machine boots: every process has ended. */
  boot(): void {
    this.living.clear();
    this.boots += 1;
  }

  private get bootId(): string {
    return this.boots === 0 ? "boot" : `boot${this.boots}`;
  }

  end(pid: number): void {
    this.living.delete(pid);
  }

  isRunning({ pid, start }: RuntimeProcess): boolean {
    return this.living.get(pid) === start;
  }

  /** The table as `self` sees it. */
  seenBy(self: Owner): Processes {
    return {
      self: () => self,
      isAlive: (owner) => owner.bootId === self.bootId && this.isRunning(owner),
      isRunning: (process) => this.isRunning(process),
    };
  }
}
