import type { Container, ForegroundOptions } from "../../api/index.js";
import type { ContainerExit } from "./container-exit.js";
import type { Caller, Started } from "./container-starter.js";
import type { Restarter } from "./restarter.js";

/** Stays with a container from run to run, as long as its restart policy starts it again. */
export class RunFollower {
  constructor(
    private readonly containerExit: ContainerExit,
    private readonly restarter: Pick<Restarter, "restart">,
  ) {}

  /**
   * Copies the streams of a foreground container until it ends for good, then releases it. Returns its exit code, or `left`: then
   * its supervisor sees to its end, or another process to its restart.
   */
  async follow(started: Started, caller: Caller, onStart: ForegroundOptions["onStart"]): Promise<number | "left"> {
    const { container } = started;
    onStart?.(container);
    let ended: Container | undefined;
    for (let run: Started | undefined = started; run !== undefined; run = await this.again(container, caller)) {
      if ((await this.pump(run)) === "left") return "left";
      await this.containerExit.hasGone(run.container, Number.POSITIVE_INFINITY);
      ended = await this.containerExit.endRun(container.id);
    }
    if (await this.isLeft(container, caller)) return "left";
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

  private async pump({ container, attachment }: Started): Promise<"ended" | "left" | undefined> {
    let how: "ended" | "left" | undefined = "left";
    try {
      how = await attachment?.pump();
    } finally {
      attachment?.close();
      if (how === "left") await this.containerExit.handOver(container);
    }
    return how;
  }

  private again({ id }: Container, caller: Caller): Promise<Started | undefined> {
    return this.restarter.restart(id, caller);
  }

  /** Between two runs. */
  private async isLeft(container: Container, { leaving }: Caller): Promise<boolean> {
    return leaving.signal?.aborted === true && this.containerExit.handOverRestart(container.id);
  }
}
