import type { Drift, HealthTimer, Provider, RotationTimer } from "../api/index.js";
import type { Preparing } from "../contracts/preparing.js";
import { shellLine, withInput } from "../kernel/shell-words.js";
import { encode } from "../service/messages.js";
import type { OnDemandService } from "../service/on-demand-service.js";
import type { HealthFiles } from "./health-files.js";
import { subjectOf } from "./subject.js";

type Timers = readonly (HealthTimer | RotationTimer)[];

/** Health checks and log rotation, one process for all containers. */
export class TimerProvider implements Provider<"health" | "rotation">, Preparing {
  readonly kinds = ["health", "rotation"] as const;

  constructor(
    private readonly service: OnDemandService,
    private readonly files: HealthFiles,
  ) {}

  prepare(): void {
    this.service.prepare();
  }

  ensure(timers: Timers): Promise<void> {
    return this.service.serve(timers.map(subjectOf));
  }

  async remove(timers: Timers): Promise<void> {
    await this.service.leave(timers.map(subjectOf));
    this.files.remove(timers.filter(({ kind }) => kind === "health").map(({ container }) => container));
  }

  async inspect(timers: Timers): Promise<readonly Drift[]> {
    const served = new Set((await this.service.serving(timers.map(subjectOf))).map(({ subject }) => subject));
    return timers
      .filter((timer) => !served.has(subjectOf(timer)))
      .map((resource) => ({ resource, problem: "missing" }));
  }

  async describe(verb: "ensure" | "remove", timers: Timers): Promise<readonly string[]> {
    const request = { verb: verb === "ensure" ? "open" : "close", subjects: timers.map(subjectOf) } as const;
    return [withInput(shellLine(["nc", "-N", "-U", this.service.socket]), encode(request))];
  }
}
