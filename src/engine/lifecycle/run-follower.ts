import type { Container, ForegroundOptions, Streams } from "../../api/index.js";
import type { ContainerExit } from "./container-exit.js";
import type { Started } from "./container-starter.js";
import type { Restarter } from "./restarter.js";

/** Stays with a container from run to run, as long as its restart policy starts it again. */
export class RunFollower {
  constructor(
    private readonly containerExit: ContainerExit,
    private readonly restarter: Pick<Restarter, "restart">,
  ) {}

  /** Copies the streams of a foreground container until it ends for good, then releases it. Returns its exit code. */
  async follow(started: Started, streams: Streams, onStart: ForegroundOptions["onStart"]): Promise<number> {
    const { container } = started;
    onStart?.(container);
    let ended: Container | undefined;
    for (let run: Started | undefined = started; run !== undefined; run = await this.again(container, streams)) {
      try {
        await run.attachment?.pump();
      } finally {
        run.attachment?.close();
      }
      await this.containerExit.hasGone(run.container, Number.POSITIVE_INFINITY);
      ended = await this.containerExit.endRun(container.id);
    }
    // Another command may have asked for its removal while it waited.
    const removed = await this.containerExit.endRun(container.id);
    return (removed ?? ended)?.exitCode ?? (await this.containerExit.exitCode(container));
  }

  /** What the exit command does: releases a run that has ended, and starts the next one. */
  async seeToEnd(id: string): Promise<void> {
    let restarted: Started | undefined;
    do {
      // One that ended at once did so while it was still `starting`, when its supervisor's call could not release it.
      await this.containerExit.endRun(id);
      restarted = await this.restarter.restart(id);
    } while (restarted !== undefined);
  }

  private again({ id }: Container, streams: Streams): Promise<Started | undefined> {
    return this.restarter.restart(id, streams);
  }
}
