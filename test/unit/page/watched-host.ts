import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@jest/globals";
import type { Change, ContainerStats, Explanation, HostDrift, HostMap } from "../../../src/api/index.js";
import type { Time } from "../../../src/page/host/time.js";
import { eventually } from "../../support/eventually.js";
import { sampleMap } from "../../support/map/sample-map.js";
import type { FakeParts } from "../commands/fake-tsd.js";

/** It goes by as a test says, and pauses last until it ends them. */
class StillTime implements Time {
  moment = 0;
  readonly pauses: { readonly milliseconds: number; readonly end: () => void }[] = [];

  now(): number {
    return this.moment;
  }

  pause(milliseconds: number, signal: AbortSignal): ReturnType<Time["pause"]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve());
    this.pauses.push({ milliseconds, end: resolve });
    return { over: promise, cut: resolve };
  }

  /** Waits for a pause of that length, and ends it. */
  async pass(milliseconds: number): Promise<void> {
    await eventually(async () => expect(this.pauses.map((one) => one.milliseconds)).toContain(milliseconds));
    const index = this.pauses.findIndex((one) => one.milliseconds === milliseconds);
    this.pauses.splice(index, 1)[0]?.end();
  }
}

export function started(number: number, name: string): Change {
  const at = `2026-01-02T03:04:0${number}Z`;
  return { ...{ number, time: at, kind: "container", id: name, name, what: "running", action: "start" } };
}

/** A host that counts how often it is looked at; its log of changes goes on until its reader leaves. */
export class WatchedHost {
  readonly time = new StillTime();
  looks = 0;
  followers = 0;
  measured = 0;
  /** Bytes that its one container has received. */
  received = 0;
  /** Milliseconds. */
  takes = 0;
  drifts: readonly HostDrift[] = [];
  /** What the picture is drawn with. */
  drawn: readonly HostDrift[] | undefined;
  readonly log: Change[] = [];
  private news = Promise.withResolvers<void>();
  /** Settled when who reads the log without following it gets it. */
  past: Promise<void> = Promise.resolve();
  map: HostMap = sampleMap;
  failure: Error | undefined;
  /** Replies to questions, which wait for it. */
  readonly reply = Promise.withResolvers<Explanation>();
  questions = 0;

  readonly parts: FakeParts = {
    system: {
      map: async ({ drifts } = {}) => {
        this.looks += 1;
        this.drawn = drifts;
        this.time.moment += this.takes;
        // A look takes its time, in which others ask.
        await sleep(100);
        if (this.failure !== undefined) throw this.failure;
        return this.map;
      },
      check: async () => this.drifts,
      events: ({ signal } = {}) => (signal === undefined ? this.logged() : this.events(signal)),
      explain: () => {
        this.questions += 1;
        return this.reply.promise;
      },
    },
    containers: { list: () => [], statsOf: async () => [this.stats()] },
  };

  private stats(): ContainerStats {
    this.measured += 1;
    const traffic = (bytes: number) => ({ bytes, packets: 0, dropped: 0 });
    const link = { interface: "eth0", network: this.map.networks[0]?.name ?? "" };
    const counted = { received: traffic(this.received), sent: traffic(0) };
    return {
      ...{ id: "a", name: "a", time: "", memoryLimit: 0, ports: [] },
      interfaces: [{ ...link, ...counted }],
    };
  }

  happen(change: Change): void {
    this.log.push(change);
    this.news.resolve();
    this.news = Promise.withResolvers();
  }

  private async *logged(): AsyncGenerator<Change> {
    await this.past;
    yield* this.log;
  }

  private async *events(signal: AbortSignal): AsyncGenerator<Change> {
    this.followers += 1;
    const ended = new Promise((resolve) => signal.addEventListener("abort", resolve));
    for (let next = 0; !signal.aborted; next += 1) {
      if (next === this.log.length) await Promise.race([ended, this.news.promise]);
      const change = this.log[next];
      if (change !== undefined) yield change;
    }
    this.followers -= 1;
    signal.throwIfAborted();
  }
}
