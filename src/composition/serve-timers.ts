import type { Health } from "../api/index.js";
import { OciRuntime } from "../runtime/oci-runtime.js";
import { rotatedLogs } from "../runtime/rotated-logs.js";
import { identityOf } from "../service/identity.js";
import { ServicePlace } from "../service/place.js";
import { StoreReader } from "../store/open-reader.js";
import { openStore } from "../store/open-store.js";
import type { CheckedContainers } from "../timers/checker.js";
import { HealthFiles } from "../timers/health-files.js";
import { subjectOf } from "../timers/subject.js";
import { Timers } from "../timers/timers.js";
import { VERSION } from "../version.js";
import { serve } from "./serve.js";
import type { Settings } from "./tokens.js";

type Installation = Omit<Settings, "version">;

/** Checks containers and rotates their logs, for the installation that the environment names, until none needs that. */
export function serveTimers(): Promise<void> {
  return serve((settings) => ({
    place: new ServicePlace(`${settings.run}/timers`),
    identity: identityOf(VERSION, settings.root),
    unlisted: "its container does not run",
    open: () => {
      const reader = new StoreReader(databaseOf(settings), { tsdVersion: VERSION });
      const state = {
        subjects: () => subjectsIn(reader),
        isUsed: () => reader.isUsed(),
        isThere: () => reader.isThere(),
        close: () => reader.close(),
      };
      return { state, work: new Timers(checkedContainers(settings, reader), logsOf(settings, reader)) };
    },
  }));
}

function subjectsIn(reader: StoreReader): readonly string[] {
  return reader.containers
    .activeOutlines()
    .filter(({ container }) => container.status !== "stopping")
    .flatMap(({ id, timers }) => timers.map((kind) => subjectOf({ kind, container: id })));
}

function logsOf({ root, run }: Installation, reader: StoreReader) {
  return rotatedLogs({ runDir: `${run}/containers`, logDir: `${root}/logs` }, (id) => {
    const { maxSize, maxFiles } = reader.containers.get(id)?.container.spec.log ?? {};
    return maxSize === undefined || maxFiles === undefined ? undefined : { maxSize, maxFiles };
  });
}

function checkedContainers(settings: Installation, reader: StoreReader): CheckedContainers {
  const { root, run, runtime, exitCommand } = settings;
  const files = new HealthFiles(`${run}/health`);
  const programs = new OciRuntime({
    runDir: `${run}/containers`,
    logDir: `${root}/logs`,
    exitCommand,
    ...(runtime === undefined ? {} : { runtime }),
  });
  return {
    get: (id) => reader.containers.get(id)?.container,
    note(id, startedAt, health, isNews) {
      files.write(id, startedAt, health);
      if (isNews) noteStatus(settings, { id, startedAt, health });
    },
    exec: (id, spec, options) => programs.exec(id, spec, options),
  };
}

interface News {
  readonly id: string;
  readonly startedAt: string;
  readonly health: Health;
}

/** In the row, for those who list containers and listen for events. A power cut ends the run, so nothing waits for the disk. */
function noteStatus(settings: Installation, { id, startedAt, health }: News): void {
  const store = openStore(databaseOf(settings), { tsdVersion: VERSION, mayBegin: false });
  try {
    store.unsyncedTransaction(() => {
      const row = store.containers.get(id);
      if (row?.container.status !== "running" || row.container.startedAt !== startedAt) return;
      store.containers.update({ ...row, container: { ...row.container, health: { ...health, log: [] } } });
    });
  } finally {
    store.close();
  }
}

function databaseOf({ root }: Installation): string {
  return `${root}/state.db`;
}
