import type { Container, ContainerStatus } from "../../api/index.js";
import type { ContainerRow, Processes, RuntimeRun } from "../../contracts/index.js";

/** What of a row says which process it is. */
type Run = Pick<ContainerRow, "id" | "owner"> & { readonly container: Pick<Container, "pid" | "pidStart"> };

/** True while a container holds what a run needs. */
export function isActive({ status }: Pick<Container, "status">): boolean {
  return status !== "created" && status !== "exited";
}

/** True for a container that neighbours know by its names: it has not begun to end for good. */
export function isPresent(status: ContainerStatus | undefined): boolean {
  return status === "starting" || status === "running" || status === "restarting";
}

/**
 * A container's run, as its runtime is asked about it. Pids and start times come again with the next boot, when a process
 * that has them is another's.
 */
export function runOf(processes: Processes, { id, owner, container }: Run): RuntimeRun {
  const { pid, pidStart: start } = container;
  const isOfThisBoot = owner.bootId === processes.self().bootId;
  return pid === undefined || start === undefined || !isOfThisBoot ? { id } : { id, process: { pid, start } };
}

/** True while the process of a run that started lives. */
export function lives(processes: Processes, row: Run): boolean {
  const { process } = runOf(processes, row);
  return process !== undefined && processes.isRunning(process);
}

/**
 * A container as it is to a reader: one whose process is gone has exited, though what it held is still to be given back and
 * its exit code to be written down.
 */
export function asSeen(processes: Processes, row: ContainerRow): Container {
  const { pid, pidStart: _pidStart, paused: _paused, ...container } = row.container;
  const isOver = pid !== undefined && isActive(row.container) && !lives(processes, row);
  return isOver ? { ...container, status: "exited" } : row.container;
}
