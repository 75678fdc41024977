import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Parts } from "./parts.js";
import type { Recovery } from "./recovery.js";

/** Containers that end: waiting for them, and giving back what they held, whoever looks after them. */
export class ContainerEndings {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly recovery: Recovery,
  ) {}

  /** As {@link Recovery.release}. */
  release(id: string): Promise<Container | undefined> {
    return this.recovery.release(id);
  }

  /** True once the container's process is gone; false if it still lives after so many milliseconds. */
  async hasGone({ pid, pidStart }: Container, milliseconds: number): Promise<boolean> {
    const deadline = performance.now() + milliseconds;
    while (pid !== undefined && this.parts.processes.isRunning({ pid, start: pidStart ?? 0 })) {
      if (performance.now() > deadline) return false;
      await sleep(5);
    }
    return true;
  }

  /** Answers once a dying container has given everything back, by this process or another. */
  async settle(container: Container): Promise<void> {
    const deadline = performance.now() + 30_000;
    for (let row = this.find(container.id); row !== undefined && isActive(row); row = this.find(container.id)) {
      await this.release(container.id);
      if (performance.now() > deadline) throw stuck(container);
      await sleep(5);
    }
  }

  /** The code of the present run once it has ended, else of the last one. Throws `conflict` for one that never ran. */
  async exitCode(container: Container): Promise<number> {
    const runtime = await this.parts.runtime();
    let code = container.exitCode;
    for (let row = this.find(container.id); row !== undefined && isActive(row); row = this.find(container.id)) {
      code = runtime.exit(container.id)?.code ?? code;
      await sleep(10);
    }
    code = this.find(container.id)?.exitCode ?? code;
    if (code !== undefined) return code;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CONTAINER_NEVER_RAN",
      message: `container "${container.name}" has not run, so it has no exit code`,
      hint: `Start it: tsd start ${container.name}`,
      details: { container: container.id },
    });
  }

  private find(id: string): Container | undefined {
    return this.parts.store.containers.get(id)?.container;
  }
}

/** True while a container holds what a run needs. */
export function isActive({ status }: Container): boolean {
  return status !== "created" && status !== "exited";
}

function stuck({ id, name, pid }: Container): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_CONTAINER_STUCK",
    message: `container "${name}" did not end within 30 seconds of being killed (process ${pid ?? "unknown"})`,
    hint: "See what its process waits for: cat /proc/PID/stack",
    details: { container: id, pid },
  });
}
