import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../contracts/clock.js";
import type { Owner } from "../contracts/index.js";
import { sameOwner } from "../contracts/processes.js";
import { TsdError } from "../errors/tsd-error.js";
import { processes } from "../kernel/process-identity.js";
import { signalProcess } from "../kernel/programs/signal-process.js";
import { startService } from "../kernel/programs/start-service.js";
import { ask, type Outcome } from "./ask.js";
import { decode, type Listening, type Reply, type Report } from "./messages.js";
import { ResolverPlace } from "./place.js";

const SIGKILL = 9;
/** Milliseconds for a program to start on a busy machine, and to listen in every namespace. */
const START = 20_000;
/** Times that one is started: it may be killed. */
const ATTEMPTS = 5;
/** Milliseconds for a reply that a start may stand in front of. */
const OPEN = 3000;
/** Milliseconds for a reply that removal waits for. */
const CLOSE = 1000;
/** Milliseconds for a process to be gone that was killed, or said that it ends. */
const END = 2000;

export interface ResolverOptions {
  /** Of its files, below TSD_RUN. */
  readonly directory: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What one must say of itself to be this installation's: version, host and state. Another is replaced. */
  readonly identity: string;
}

/** The one process of a host and TSD_ROOT that replies to questions for names, as commands see it. */
export class Resolver {
  private readonly place: ResolverPlace;
  /** One that did not reply: a command that compares many containers waits for it once. */
  private silent: Owner | undefined;
  private prepared: Promise<unknown> | undefined;

  constructor(private readonly options: ResolverOptions) {
    this.place = new ResolverPlace(options.directory);
  }

  get directory(): string {
    return this.place.directory;
  }

  get socket(): string {
    return this.place.socket;
  }

  /**
   * Starts it where it does not run, and waits for nothing: `listenIn` does, and reports what fails. One that is asked for nothing
   * ends by itself.
   */
  prepare(): void {
    if (this.place.holder() === undefined) this.prepared ??= this.start().catch(() => undefined);
  }

  /** Has it listen in these namespaces, and starts it where it does not run, does not reply, or is another version. */
  async listenIn(namespaces: readonly string[]): Promise<void> {
    await this.prepared;
    const deadline = monotonicTime() + START;
    for (let starts = 0; starts < ATTEMPTS && monotonicTime() < deadline; ) {
      const reply = await ask(this.socket, { verb: "open", namespaces }, OPEN);
      if (this.isOurs(reply)) return refuseFailures(reply);
      if (reply !== "absent") await this.end();
      if ((await this.start()).state === "ready") starts++;
      else await sleep(5);
    }
    throw notStarted("each that starts is gone, or another process, before it replies");
  }

  /** Has it let go of these namespaces, or ends it where it does not say so in time. */
  async leave(namespaces: readonly string[]): Promise<void> {
    const reply = await ask(this.socket, { verb: "close", namespaces }, CLOSE);
    if (reply === "silent") await this.end();
    else if (reply === "absent") await this.tidy();
    else if (reply.isEnding) await untilGone(reply.process);
  }

  /** Where it listens, of these namespaces or of all; nowhere if it does not reply, or is another version. */
  async listening(namespaces: readonly string[] = []): Promise<readonly Listening[]> {
    const holder = this.place.holder();
    if (holder === undefined || (this.silent !== undefined && sameOwner(this.silent, holder))) return [];
    const reply = await ask(this.socket, { verb: "list", namespaces }, CLOSE);
    if (reply === "silent") this.silent = holder;
    return this.isOurs(reply) ? reply.listening : [];
  }

  /** Whether one lives, or has left files. */
  isPresent(): boolean {
    return this.place.isInUse();
  }

  /** Ends it, whatever it does, and removes its files. Its sockets go with it. */
  async end(): Promise<void> {
    const holder = this.place.holder();
    if (holder !== undefined) {
      signalProcess(holder, SIGKILL);
      await untilGone(holder);
    }
    await this.tidy();
  }

  /** Removes what one left that died. The lock ends with its last thread, as the sockets do; it counts as dead with its first. */
  private async tidy(): Promise<void> {
    const deadline = monotonicTime() + END;
    while (!this.place.tidy() && this.place.holder() === undefined && monotonicTime() < deadline) await sleep(1);
  }

  private async start(): Promise<Report> {
    const { argv, env } = this.options;
    const line = await startService(argv, { env, patience: START });
    const report = decode<Report>(line ?? "");
    if (report === undefined) throw notStarted("it ended before it listened");
    if (report.state === "failed") throw notStarted(report.message);
    return report;
  }

  private isOurs(outcome: Outcome): outcome is Reply {
    return typeof outcome !== "string" && outcome.identity === this.options.identity;
  }
}

async function untilGone(process: Owner): Promise<void> {
  const deadline = monotonicTime() + END;
  while (processes.isAlive(process) && monotonicTime() < deadline) await sleep(1);
}

function refuseFailures({ failures: [failure] }: Reply): void {
  if (failure === undefined) return;
  throw new TsdError({
    kind: "runtime",
    code: "TSD_RESOLVER_REFUSED",
    message: `the resolver cannot listen in ${failure.netns}: ${failure.message}`,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    details: { netns: failure.netns },
  });
}

function notStarted(why: string): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_RESOLVER_NOT_STARTED",
    message: `the resolver, from which containers have names, cannot be started: ${why}`,
    hint: "See what differs on this machine: tsd doctor. Containers on networks without names need none: --disable-dns.",
  });
}
