import type { Tsd, TsdOptions } from "../api/index.js";
import { ExecInstances } from "./sessions/exec-instances.js";
import { PendingSessions } from "./sessions/pending-sessions.js";

/** How the service reaches tsd, and says what happens. */
export interface Surroundings {
  open(options: Pick<TsdOptions, "onWarning" | "leftWork">): Promise<Tsd>;
  /** Receives a line about each thing that its reader may want to know. */
  report(line: string): void;
}

/** A tsd of several requests. */
interface Shared {
  readonly tsd: Promise<Tsd>;
  users: number;
  release(): void;
}

/** What outlasts one request. The truth is the store's: a service that was killed is replaced by the next one. */
export class Service {
  readonly pending = new PendingSessions();
  readonly execs = new ExecInstances();
  private shared: Shared | undefined;
  private readonly ending = new AbortController();
  private readonly background = new Set<Promise<void>>();

  constructor(private readonly surroundings: Surroundings) {}

  /** Aborted once the service ends: commands in containers run on without it. */
  get ends(): AbortSignal {
    return this.ending.signal;
  }

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

  /** The same for work that changes nothing and may wait for very long: all that goes on at a time has one tsd, and so one connection. */
  async withSharedTsd<T>(work: (tsd: Tsd) => T | Promise<T>): Promise<T> {
    this.shared ??= this.share();
    const { shared } = this;
    shared.users += 1;
    try {
      return await work(await shared.tsd);
    } finally {
      shared.users -= 1;
      if (shared.users === 0) {
        if (this.shared === shared) this.shared = undefined;
        shared.release();
      }
    }
  }

  /** Opens a tsd that stays until it is released. */
  private share(): Shared {
    const released = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<Tsd>();
    const open = async (tsd: Tsd): Promise<void> => {
      opened.resolve(tsd);
      await released.promise;
    };
    this.withTsd(false, open).catch(opened.reject);
    return { tsd: opened.promise, users: 0, release: released.resolve };
  }

  /** Does what goes on behind the reply. `onFailure` hears what fails, even before `work` begins; by default it is reported. */
  behind(
    what: string,
    work: (tsd: Tsd) => Promise<unknown>,
    onFailure = (error: unknown): void => this.reportFailure(what, error),
  ): void {
    const done = this.withTsd(true, work).then(() => undefined, onFailure);
    this.background.add(done);
    void done.then(() => this.background.delete(done));
  }

  report(line: string): void {
    this.surroundings.report(line);
  }

  reportFailure(what: string, error: unknown): void {
    this.report(`${what}: ${String((error as Error).message)}`);
  }

  /** Returns once nothing goes on behind replies. */
  async end(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.background);
  }
}
