import type { HealthTimer, Resource, RotationTimer, Sweeper } from "../api/index.js";
import { sweeperOf } from "../kernel/orphans/sweeper-of.js";
import type { OnDemandService } from "../service/on-demand-service.js";
import { subjectOf } from "./subject.js";

/** The process of timers, or what it left, where no container has one; and timers that no container lists. */
export function timerSweeper(service: OnDemandService): Sweeper {
  return sweeperOf<Item>({
    async list() {
      if (!service.isPresent()) return [];
      const served = await service.serving();
      return [{ subject: undefined }, ...served];
    },
    orphanOf: ({ subject }) =>
      subject === undefined
        ? { kind: "process", what: service.directory, why: "no container has a health check or a log to rotate" }
        : { kind: "timer", what: subject, why: "no container has it" },
    claims(wanted) {
      const subjects = new Set(wanted.filter(isTimer).map(subjectOf));
      return ({ subject }) => (subject === undefined ? subjects.size > 0 : subjects.has(subject));
    },
    async free(items) {
      const subjects = items.flatMap(({ subject }) => subject ?? []);
      if (subjects.length < items.length) await service.end();
      else await service.leave(subjects);
    },
  });
}

interface Item {
  /** Absent for the process itself. */
  readonly subject: string | undefined;
}

function isTimer(resource: Resource): resource is HealthTimer | RotationTimer {
  return resource.kind === "health" || resource.kind === "rotation";
}
