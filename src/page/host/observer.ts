import type { Change, Explanation, Tsd } from "../../api/index.js";
import { describeSystemError } from "../../errors/system-error.js";
import { lookAtHost } from "./look-at-host.js";
import type { Look, Part, Seen } from "./seen.js";
import type { Surroundings } from "./surroundings.js";
import { hostTime, type Time } from "./time.js";
import { noTraffic, TrafficMeter, type TrafficRates } from "./traffic-meter.js";

/** Milliseconds. A look that was taken so short a time ago serves another reader too. */
const FRESH = 1000;
/** Between two measurements of traffic. */
const MEASURE = 2000;
/** Between two looks that no change asks for: what others alter on the host is no change of tsd's. */
const LOOK = 3000;
/** How many times as long as a look takes the pause behind it is: looks cost a tenth of one processor at most. */
const EASE = 10;
/** The same where a change asks for the next look: a quarter of one. */
const HURRY = 3;
/** Several changes that come together need one look. */
const GATHER = 100;
/** Before what failed is tried again. */
const RETRY = 5000;
/** Changes that are kept, and for how long a time before the first reader they are read. */
const KEPT = 50;
const PAST = 3_600_000;

/** Looks at the host for all readers together, and not at all while there are none. */
export class Observer {
  private readonly meter = new TrafficMeter();
  private readonly time: Time;
  private last: Look | undefined;
  /** When the last look was done that did not fail, and how long a time the last of all took. */
  private lookedAt = Number.NEGATIVE_INFINITY;
  private taken = 0;
  private fault: string | undefined;
  private traffic: TrafficRates = noTraffic;
  private changes: readonly Change[] = [];
  private looking: Promise<void> | undefined;
  private watching: AbortController | undefined;
  private hasChanged = false;
  private wake: () => void = () => undefined;

  /** `onNews` is called when a part may show something else. */
  constructor(
    private readonly surroundings: Surroundings,
    private readonly onNews: (part: Part) => void,
  ) {
    this.time = surroundings.time ?? hostTime;
  }

  get seen(): Seen {
    const { last, traffic, changes, fault } = this;
    return {
      ...(last === undefined ? {} : { look: last }),
      ...(fault === undefined ? {} : { fault }),
      traffic,
      changes,
    };
  }

  /** What there is to see at this moment, with a look that is fresh. */
  async glance(): Promise<Seen> {
    if (this.watching === undefined || this.last === undefined) {
      if (this.time.now() - this.lookedAt > FRESH) await this.look();
    }
    return this.seen;
  }

  /** Follows the host until {@link rest}. */
  watch(): void {
    if (this.watching !== undefined) return;
    const watching = new AbortController();
    this.watching = watching;
    const { signal } = watching;
    void this.repeat(signal, () => this.lookAgain(signal));
    void this.repeat(signal, () => this.measure(signal));
    void this.repeat(signal, () => this.follow(signal));
  }

  rest(): void {
    this.watching?.abort();
    this.watching = undefined;
    // A rate since the last reader left would be that of the whole rest.
    this.meter.forget();
    this.traffic = noTraffic;
  }

  async explain(from: string, to: string): Promise<Explanation> {
    return this.withTsd((tsd) => tsd.system.explain(from, to));
  }

  private async withTsd<T>(work: (tsd: Tsd) => Promise<T>): Promise<T> {
    using tsd = await this.surroundings.open({ leftWork: "if-idle", onWarning: () => undefined });
    return await work(tsd);
  }

  /** One look for all who ask while it is taken. */
  private look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const began = this.time.now();
    try {
      this.last = await lookAtHost(this.surroundings, this.last);
      this.lookedAt = this.time.now();
      if (this.watching === undefined) {
        await this.withTsd(async (tsd) => {
          await this.count(tsd);
          const since = new Date(Date.now() - PAST);
          this.changes = [];
          for await (const change of tsd.system.events({ since, follow: false })) this.keep(change);
        });
      }
      this.fault = undefined;
    } catch (error) {
      const { message } = describeSystemError(error) as Error;
      if (message !== this.fault) this.surroundings.report(`the host could not be looked at: ${message}`);
      this.fault = message;
    }
    this.taken = this.time.now() - began;
    this.onNews("look");
  }

  private async lookAgain(signal: AbortSignal): Promise<void> {
    this.hasChanged = false;
    await this.look();
    const least = Math.max(GATHER, this.taken * HURRY);
    await this.time.pause(least, signal).over;
    if (this.hasChanged) return;
    const { over, cut } = this.time.pause(Math.max(LOOK, this.taken * EASE) - least, signal);
    this.wake = cut;
    await over;
    if (this.hasChanged) await this.time.pause(GATHER, signal).over;
  }

  private async measure(signal: AbortSignal): Promise<void> {
    await this.withTsd((tsd) => this.count(tsd, signal));
    this.onNews("traffic");
    await this.time.pause(MEASURE, signal).over;
  }

  private async count({ containers }: Tsd, signal?: AbortSignal): Promise<void> {
    const running = containers.list().map(({ container }) => container.id);
    const stats = await containers.statsOf(running, { ports: true });
    if (!signal?.aborted) this.traffic = this.meter.note(stats, this.time.now());
  }

  private async follow(signal: AbortSignal): Promise<void> {
    await this.withTsd(async (tsd) => {
      const newest = this.changes[0]?.number ?? 0;
      for await (const change of tsd.system.events({ since: new Date(Date.now() - PAST), signal })) {
        if (signal.aborted) return;
        if (change.number <= newest || isExec(change)) continue;
        this.keep(change);
        this.onNews("changes");
        this.hasChanged = true;
        this.wake();
      }
    });
  }

  private keep(change: Change): void {
    if (change.action === undefined || isExec(change)) return;
    // A page and those that follow may read the log at one time.
    const others = this.changes.filter(({ number }) => number !== change.number);
    this.changes = [change, ...others].toSorted((a, b) => b.number - a.number).slice(0, KEPT);
  }

  /** Does it again and again, and after a pause where it failed. */
  private async repeat(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (signal.aborted) return;
        this.surroundings.report(`the page: ${String((describeSystemError(error) as Error).message)}`);
        await this.time.pause(RETRY, signal).over;
      }
    }
  }
}

/** Health checks make very many, and no network changes by them. */
function isExec({ action }: Change): boolean {
  return action?.startsWith("exec_") ?? false;
}
