import { setTimeout as sleep } from "node:timers/promises";
import type {
  Container,
  ExecOptions,
  ExecSpec,
  Health,
  HealthCheck,
  HealthResult,
  SendSignal,
  Streams,
} from "../api/index.js";
import { monotonicTime } from "../contracts/clock.js";
import { CheckOutput } from "./check-output.js";
import { afterResult, commandOf, pauseBefore, TIMEOUT, unchecked } from "./health-state.js";
import type { Turns } from "./turns.js";

/** What checks need of a container, and leave. */
export interface CheckedContainers {
  /** As it is now; undefined where it is gone. */
  get(id: string): Container | undefined;
  /** Notes what a check of the run that began at `startedAt` said. `isNews`: its status is another. */
  note(id: string, startedAt: string, health: Health, isNews: boolean): void;
  exec(id: string, spec: ExecSpec, options: ExecOptions & { readonly streams: Streams }): Promise<number | "left">;
}

/** Of a check that did not end in time, or could not be run. */
const FAILED = -1;

/** Milliseconds after which to look again at a state that could not be read or written. */
const AGAIN = 1000;

/** Checks one container, from its start to its end, through all of its runs. */
export class Checker {
  private readonly ending = new AbortController();
  private readonly ended: Promise<void>;
  private health: Health = unchecked;
  /** What the row says. */
  private noted = unchecked.status;
  private run = "";
  private took = 0;

  constructor(
    private readonly id: string,
    private readonly containers: CheckedContainers,
    private readonly turns: Turns,
  ) {
    this.ended = this.loop().catch(() => undefined);
  }

  /** Returns once no check of it runs. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  private async loop(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        if (!(await this.next(signal))) return;
      } catch {
        // The state is busy or cannot be written at this moment: what the check said is noted with the next.
        await sleep(AGAIN, undefined, { signal });
      }
    }
  }

  /** Waits, and checks once; false once there is nothing to check. */
  private async next(signal: AbortSignal): Promise<boolean> {
    const container = this.containers.get(this.id);
    const check = container?.healthCheck;
    if (container === undefined || check === undefined) return false;
    this.follow(container);
    const startedAt = Date.parse(container.startedAt ?? "") || Date.now();
    await sleep(pauseBefore(this.health, check, { age: Date.now() - startedAt, took: this.took }), undefined, {
      signal,
    });
    await this.turns.take(() => this.checkOnce(check), signal);
    return true;
  }

  /** Another run begins without a past. */
  private follow({ startedAt = "", status }: Container): void {
    if (this.run === startedAt || status !== "running") return;
    this.run = startedAt;
    this.health = unchecked;
    this.noted = unchecked.status;
  }

  private async checkOnce(check: HealthCheck): Promise<void> {
    const container = this.containers.get(this.id);
    // One that is paused would never reply, and has done nothing wrong.
    if (container?.status !== "running" || container.paused || container.startedAt !== this.run) return;
    const began = monotonicTime();
    const result = await this.result(check);
    this.took = monotonicTime() - began;
    if (this.ending.signal.aborted) return;
    this.health = afterResult(this.health, check, result, Date.parse(this.run));
    this.containers.note(this.id, this.run, this.health, this.health.status !== this.noted);
    this.noted = this.health.status;
  }

  private async result(check: HealthCheck): Promise<HealthResult> {
    const start = new Date().toISOString();
    const output = new CheckOutput();
    const timeout = check.timeout ?? TIMEOUT;
    let isLate = false;
    let kill: SendSignal = () => undefined;
    const end = (): void => kill("SIGKILL");
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, timeout);
    this.ending.signal.addEventListener("abort", end);
    try {
      const code = await this.containers.exec(
        this.id,
        { command: commandOf(check) },
        {
          streams: { stdout: output.stream, stderr: output.stream },
          onStart: (send) => {
            kill = send;
            if (isLate || this.ending.signal.aborted) end();
          },
        },
      );
      const text = isLate ? `Health check exceeded timeout (${timeout}ms): ${output.text}` : output.text;
      return {
        start,
        end: new Date().toISOString(),
        exitCode: isLate || code === "left" ? FAILED : code,
        output: text,
      };
    } catch (error) {
      const why = String((error as { readonly message?: unknown }).message ?? error);
      return { start, end: new Date().toISOString(), exitCode: FAILED, output: why };
    } finally {
      clearTimeout(timer);
      this.ending.signal.removeEventListener("abort", end);
    }
  }
}
