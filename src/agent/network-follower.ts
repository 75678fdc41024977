import type { ElsewhereQuestion, FoundElsewhere } from "../contracts/index.js";
import { NetworkSync } from "./network-sync.js";
import { News } from "./news.js";
import { backOff, firstPause } from "./pace.js";
import type { Surroundings } from "./surroundings.js";
import { within } from "./within.js";
import { wordsOf } from "./words-of.js";

/**
 * Milliseconds between two times of settling at least, and as many as the last took: records that flap take half of a processor at most.
 * The first time settles everything, for which no change has to wait.
 */
const PAUSE = 100;
/** Milliseconds that one which is stopped waits for what it is writing into the cluster's state. */
const LEAVING = 300;
/** Milliseconds after which a watch that ends was a good one: the next attempt is the first. */
const STEADY = 10_000;

/** Keeps one network in line with the cluster's state, whatever becomes of the way there, until it is stopped. */
export class NetworkFollower {
  /** Settles with the first attempt: what failed, or undefined once peers are in line. */
  readonly first: Promise<unknown>;
  private readonly stopping = new AbortController();
  private readonly news = new News();
  private readonly sync: NetworkSync;
  private settling: Promise<unknown> = Promise.resolve();
  private report: (outcome: unknown) => void = () => undefined;

  constructor(
    private readonly surroundings: Surroundings,
    id: string,
  ) {
    this.sync = new NetworkSync(surroundings, id, this.stopping.signal);
    this.first = new Promise((resolve) => {
      this.report = resolve;
    });
    void this.run(firstPause(surroundings.local.peers(id).length, surroundings.clock.random()));
  }

  get wasFollowed(): boolean {
    return this.sync.wasFollowed;
  }

  /** Whether the cluster's state was read. */
  get hasRead(): boolean {
    return this.sync.hasRead;
  }

  /** See {@link Directory}. */
  find(question: ElsewhereQuestion): Promise<FoundElsewhere> {
    return this.sync.directory.find(question);
  }

  /** This host's own state has changed. */
  tell(): void {
    this.news.tell();
  }

  /** Once settled, it changes nothing any more on this host, nor in a cluster's state that replies. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.sync.peers.idle;
    await within(new AbortController().signal, (signal) =>
      Promise.race([Promise.allSettled([this.settling]), this.surroundings.clock.sleep(LEAVING, signal)]),
    );
    this.sync.end();
  }

  private async run(pause: number): Promise<void> {
    const { signal } = this.stopping;
    const { clock } = this.surroundings;
    if (pause > 0) await clock.sleep(pause, signal);
    for (let failures = 0; !signal.aborted; failures++) {
      const start = clock.now();
      try {
        await this.sync.read();
        await this.follow();
      } catch (error) {
        if (signal.aborted) return;
        if (clock.now() - start > STEADY) failures = 0;
        if (failures > 0) this.fail(error);
      }
      await clock.sleep(backOff(failures, clock.random()), signal);
    }
  }

  /** Not at the first failure: a member of etcd that restarts has others. */
  private fail(error: unknown): void {
    this.report(error);
    this.sync.fail(wordsOf(error).message);
  }

  /** Watches and settles side by side; the first of both that fails ends the other, and only then is there another attempt. */
  private async follow(): Promise<void> {
    let both: readonly Promise<void>[] = [];
    try {
      await within(this.stopping.signal, (signal) => {
        both = [this.sync.watch(signal, () => this.news.tell()), this.settle(signal)];
        return Promise.race(both);
      });
    } finally {
      await Promise.allSettled(both);
    }
  }

  private async settle(signal: AbortSignal): Promise<void> {
    const { clock } = this.surroundings;
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const start = clock.now();
      const settling = this.sync.settle(() => this.report(undefined));
      this.settling = settling;
      if (!(await settling)) this.news.tell();
      await clock.sleep(isFirst ? PAUSE : Math.max(PAUSE, clock.now() - start), signal);
      await within(signal, (waiting) => this.untilDue(waiting));
    }
  }

  private async untilDue(signal: AbortSignal): Promise<void> {
    const { pause } = this.sync;
    const due = pause === undefined ? [] : [this.surroundings.clock.sleep(pause, signal)];
    await Promise.race([this.news.next(signal), ...due]);
  }
}
