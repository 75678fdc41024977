import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../contracts/clock.js";
import type { Owner } from "../contracts/index.js";
import { sameOwner } from "../contracts/processes.js";
import type { TsdError } from "../errors/tsd-error.js";
import { processes } from "../kernel/process-identity.js";
import { signalProcess } from "../kernel/programs/signal-process.js";
import { startService } from "../kernel/programs/start-service.js";
import { ask, type Outcome } from "./ask.js";
import { askedIdentity, decode, type Failure, type Reply, type Report, type Served } from "./messages.js";
import { ServicePlace } from "./place.js";

const SIGKILL = 9;
/** Milliseconds for a program to start on a busy machine, and to serve all that the store lists. */
const START = 20_000;
/** Times that one is started: it may be killed. */
const ATTEMPTS = 5;
/** Milliseconds for a reply that a start may stand in front of. */
const OPEN = 3000;
/** Milliseconds for a reply that removal waits for. */
const CLOSE = 1000;
/** Milliseconds for it to list what it serves: one that hangs is found out by that, and one on a busy machine is not to be taken for it. */
const LIST = 5000;
/** Milliseconds for a process to be gone that was killed, or said that it ends. */
const END = 2000;

export interface OnDemandOptions {
  /** Of its files, below TSD_RUN. */
  readonly directory: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What one must say of itself to be this installation's: version, host and state. Another is replaced. */
  readonly identity: string;
  /** The error of a subject that it cannot serve. */
  readonly refused: (failure: Failure) => TsdError;
  /** The error of one that cannot be started. */
  readonly notStarted: (why: string) => TsdError;
}

/** The one process of a kind, of a host and TSD_ROOT, that serves containers, as commands see it: the first that needs it starts it. */
export class OnDemandService {
  private readonly place: ServicePlace;
  /** One that did not reply: a command that compares many containers waits for it once. */
  private silent: Owner | undefined;
  private prepared: Promise<Report | undefined> | undefined;

  constructor(private readonly options: OnDemandOptions) {
    this.place = new ServicePlace(options.directory);
  }

  get directory(): string {
    return this.place.directory;
  }

  get socket(): string {
    return this.place.socket;
  }

  /**
   * Starts it where it does not run, and waits for nothing: `serve` does, and reports what fails. One that is asked for nothing
   * ends by itself.
   */
  prepare(): void {
    if (this.place.holder() === undefined) this.prepared ??= this.start().catch(() => undefined);
  }

  /** Has it serve these subjects, and starts it where it does not run, does not reply, or is another version. */
  async serve(subjects: readonly string[]): Promise<void> {
    if (this.servesAll(await this.takePrepared(), subjects)) return;
    const deadline = monotonicTime() + START;
    for (let starts = 0; starts < ATTEMPTS && monotonicTime() < deadline; ) {
      const reply = await ask(this.socket, { verb: "open", subjects }, OPEN);
      if (this.isOurs(reply)) return this.refuseFailures(reply);
      if (reply !== "absent") await this.end();
      const report = await this.start();
      if (this.servesAll(report, subjects)) return;
      if (report.state === "ready") starts++;
      else await sleep(5);
    }
    throw this.options.notStarted("each that starts is gone, or another process, before it replies");
  }

  /** What has come of {@link prepare}, once: it is true at the moment of the start alone. */
  private takePrepared(): Promise<Report | undefined> | undefined {
    const { prepared } = this;
    this.prepared = undefined;
    return prepared;
  }

  /** Has it let go of these, or ends it where it does not say so in time. */
  async leave(subjects: readonly string[]): Promise<void> {
    const reply = await ask(this.socket, { verb: "close", subjects }, CLOSE);
    if (reply === "silent") await this.end();
    else if (reply === "absent") await this.tidy();
    else if (reply.isEnding) await untilGone(reply.process);
  }

  /** What it serves, of these subjects or of all; nothing if it does not reply, or is another version. */
  async serving(subjects: readonly string[] = []): Promise<readonly Served[]> {
    const holder = this.place.holder();
    if (holder === undefined || (this.silent !== undefined && sameOwner(this.silent, holder))) return [];
    const reply = await ask(this.socket, { verb: "list", subjects }, LIST);
    if (reply === "silent") this.silent = holder;
    return this.isOurs(reply) ? reply.served : [];
  }

  /**
   * What it knows of a subject, by a question that it understands. Starts none. Rejects with a plain Error where it does not know, or
   * does not reply within so many milliseconds.
   */
  async find(subject: string, question: unknown, patience: number): Promise<unknown> {
    const reply = await ask(this.socket, { verb: "ask", subjects: [subject], question }, patience);
    const identity = askedIdentity(this.options.identity);
    if (typeof reply === "string" || reply.identity !== identity)
      throw new Error(reply === "silent" ? "it does not reply in time" : "it does not run");
    const [failure] = reply.failures;
    if (failure !== undefined) throw new Error(failure.message);
    return reply.found;
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
    if (report === undefined) throw this.options.notStarted("it ended before it was ready");
    if (report.state === "failed") throw this.options.notStarted(report.message);
    return report;
  }

  private refuseFailures({ failures: [failure] }: Reply): void {
    if (failure !== undefined) throw this.options.refused(failure);
  }

  /** Whether one that was just started serves these by its own account. */
  private servesAll(report: Report | undefined, subjects: readonly string[]): boolean {
    if (report?.state !== "ready" || report.identity !== this.options.identity) return false;
    const { served } = report;
    return served !== undefined && subjects.every((subject) => served.includes(subject));
  }

  private isOurs(outcome: Outcome): outcome is Reply {
    return typeof outcome !== "string" && outcome.identity === this.options.identity;
  }
}

async function untilGone(process: Owner): Promise<void> {
  const deadline = monotonicTime() + END;
  while (processes.isAlive(process) && monotonicTime() < deadline) await sleep(1);
}
