import type { Container } from "../../api/index.js";
import { ownsSandbox } from "../../contracts/container-outline.js";
import type { ContainerRow, Exit, Owner, Store } from "../../contracts/index.js";
import { endsWithRun } from "../rows/note-run.js";
import { nextRestart } from "../rows/restart-policy.js";

/** How a run ended, as its container has it. */
export function outcome({ code, at, outOfMemory }: Exit): Pick<Container, "exitCode" | "finishedAt" | "outOfMemory"> {
  return { exitCode: code, finishedAt: at, ...(outOfMemory === undefined ? {} : { outOfMemory }) };
}

/**
 * The row of a run that is over and that the container's policy follows by another: it keeps all that it lists. Undefined where
 * the run is the last. What another boot ended starts again with that boot's others, and not by whatever command finds it.
 */
export function waitingRow(row: ContainerRow, exit: Exit | undefined, self: Owner): ContainerRow | undefined {
  const { container, owner } = row;
  if (endsWithRun(row) || owner.bootId !== self.bootId) return undefined;
  const { pid: _pid, pidStart: _start, paused: _paused, restartFailure: _failure, ...rest } = container;
  const attached = container.attached && owner.pid === self.pid && owner.start === self.start;
  const waiting = { ...row, owner: self, container: { ...rest, attached, status: "restarting" } } as const;
  if (container.status === "starting") return container.restartAt === undefined ? undefined : waiting;
  if (container.status !== "running" || exit === undefined) return undefined;
  const ended = { ...rest, ...outcome(exit) };
  const next = nextRestart(ended, Date.parse(exit.at) - Date.parse(container.startedAt ?? exit.at));
  return next === undefined
    ? undefined
    : { ...waiting, container: { ...waiting.container, ...ended, ...next, attached, status: "restarting" } };
}

/** The same of a restart that failed at the moment `exit.at`, and why. Undefined where no other follows. */
export function failedRow(
  row: ContainerRow,
  exit: Exit,
  failure: string,
): { readonly row: ContainerRow; readonly isLast: boolean } {
  const { restartAt: _at, ...container } = row.container;
  const ended: Container = { ...container, ...outcome(exit), restartFailure: failure };
  const next = endsWithRun(row) ? undefined : nextRestart(ended, 0);
  if (next === undefined) return { row: { ...row, container: ended }, isLast: true };
  return { row: { ...row, container: { ...ended, ...next, status: "restarting" } }, isLast: false };
}

/** True if no other container has its namespace, which can then be made again. */
export function hasSandboxAlone(store: Pick<Store, "containers">, row: ContainerRow): boolean {
  const { sandbox } = row.container;
  return sandbox !== undefined && ownsSandbox(row) && store.containers.inSandbox(sandbox.id).length === 1;
}
