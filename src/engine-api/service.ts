import type { Tsd, TsdOptions } from "../api/index.js";
import { PendingSessions } from "./sessions/pending-sessions.js";

/** How the service reaches tsd, and says what happens. */
export interface Surroundings {
  open(options: Pick<TsdOptions, "onWarning" | "leftWork">): Promise<Tsd>;
  /** Receives a line about each thing that its reader may want to know. */
  report(line: string): void;
}

/** What outlasts one request. The truth is the store's: a service that was killed is replaced by the next one. */
export class Service {
  readonly pending = new PendingSessions();
  private readonly background = new Set<Promise<void>>();

  constructor(private readonly surroundings: Surroundings) {}

  /** True while something goes on that no request waits for. */
  get isBusy(): boolean {
    return this.background.size > 0 || !this.pending.isEmpty;
  }

  /**
   * Opens tsd for the time of `work`, so that it sees plug-ins, settings and what others left undone as of this moment. One that
   * changes nothing waits for no other command.
   */
  async withTsd<T>(changes: boolean, work: (tsd: Tsd) => T | Promise<T>): Promise<T> {
    const { open, report } = this.surroundings;
    using tsd = await open({
      onWarning: (warning) => report(`warning: ${warning}`),
      leftWork: changes ? "finish" : "if-idle",
    });
    return await work(tsd);
  }

  /** Does what goes on behind the reply. Reports what fails. */
  behind(what: string, work: (tsd: Tsd) => Promise<unknown>): void {
    const done = this.withTsd(true, work).then(
      () => undefined,
      (error: unknown) => this.report(`${what}: ${String((error as Error).message)}`),
    );
    this.background.add(done);
    void done.then(() => this.background.delete(done));
  }

  report(line: string): void {
    this.surroundings.report(line);
  }

  /** Returns once nothing goes on behind replies. */
  async ended(): Promise<void> {
    await Promise.all(this.background);
  }
}
