import type { Container, WaitOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { ContainerExit } from "../lifecycle/container-exit.js";
import { isActive } from "../rows/active-container.js";
import { nextChange } from "../rows/next-change.js";

/** Milliseconds between two looks whether a process that nobody supervises has ended. */
const lookAgain = 100;

/** Waiting for the end of containers. */
export class Waiting {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly containerExit: ContainerExit,
  ) {}

  async wait(ref: string, { condition = "not-running", signal }: WaitOptions = {}): Promise<number> {
    const { container } = this.parts.store.containers.resolve(ref);
    if (condition === "not-running") return this.containerExit.exitCode(container, signal);
    if (condition === "next-exit") return this.nextExit(container, signal);
    return this.removed(container, signal);
  }

  /** A container that does not run may be removed without another run. */
  private async nextExit(container: Container, signal: AbortSignal | undefined): Promise<number> {
    const { store } = this.parts;
    for (;;) {
      const since = store.revision();
      const now = store.containers.get(container.id)?.container;
      if (now === undefined) throw gone(container);
      if (isActive(now)) return this.containerExit.exitCode(now, signal);
      // It may have run between two looks.
      if (now.finishedAt !== container.finishedAt && now.exitCode !== undefined) return now.exitCode;
      await nextChange(store, { since, signal });
    }
  }

  /** Returns 0 for one that never ran, as docker does. */
  private async removed({ id, exitCode = 0 }: Container, signal: AbortSignal | undefined): Promise<number> {
    const { store } = this.parts;
    for (;;) {
      const since = store.revision();
      const row = store.containers.get(id);
      if (row === undefined) return store.changes.exitCode(id) ?? exitCode;
      // Its supervisor may have been killed too.
      if (isActive(row.container) && (await this.containerExit.hasGone(row.container, 0)))
        await this.containerExit.release(id);
      await nextChange(store, { since, signal, patience: lookAgain });
    }
  }
}

function gone({ id, name }: Container): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_CONTAINER_NOT_FOUND",
    message: `container "${name}" was removed before it ran again`,
    details: { container: id },
  });
}
