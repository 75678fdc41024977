import type { Failure, Served } from "../service/messages.js";
import type { Work } from "../service/service-process.js";
import { type CheckedContainers, Checker } from "./checker.js";
import { type RotatedLog, Rotator } from "./rotator.js";
import { timerOf } from "./subject.js";
import { Turns } from "./turns.js";

/** Checks that begin at the same moment. */
const SIDE_BY_SIDE = 4;

interface Timer {
  /** Returns once nothing of it runs. */
  stop(): Promise<void>;
}

/** The timers of all containers. */
export class Timers implements Work {
  private readonly running = new Map<string, Timer>();
  private readonly turns = new Turns(SIDE_BY_SIDE);

  constructor(
    private readonly containers: CheckedContainers,
    private readonly logOf: (container: string) => RotatedLog,
  ) {}

  get size(): number {
    return this.running.size;
  }

  async begin(subjects: readonly string[]): Promise<readonly Failure[]> {
    for (const subject of subjects) if (!this.running.has(subject)) this.running.set(subject, this.timer(subject));
    return [];
  }

  async end(subjects: readonly string[]): Promise<void> {
    const ending = subjects.flatMap((subject) => this.running.get(subject) ?? []);
    for (const subject of subjects) this.running.delete(subject);
    await Promise.all(ending.map((timer) => timer.stop()));
  }

  list(subjects: readonly string[]): readonly Served[] {
    const asked = subjects.length === 0 ? [...this.running.keys()] : subjects.filter((one) => this.running.has(one));
    return asked.map((subject) => ({ subject, isIntact: true }));
  }

  private timer(subject: string): Timer {
    const { kind, container } = timerOf(subject);
    if (kind === "rotation") return new Rotator(this.logOf(container));
    return new Checker(container, this.containers, this.turns);
  }
}
