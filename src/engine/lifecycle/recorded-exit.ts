import type { ContainerRow, Exit, Runtime } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { lives } from "../rows/active-container.js";
import { outcome } from "./restart-rows.js";

/** The code of a container whose supervisor was killed before it could write one: as if by SIGKILL, which is likely. */
const unknownExit = 137;

/** How a run ended that had started, if its end is seen and not yet recorded. */
export async function exitOf(
  { processes }: Pick<Parts, "processes">,
  runtime: Pick<Runtime, "recordedExit">,
  row: ContainerRow,
): Promise<Exit | undefined> {
  const { pid, exitCode } = row.container;
  // Only a run that started has a process, and none has an exit code before it ends.
  if (pid === undefined || exitCode !== undefined || lives(processes, row)) return undefined;
  return (await runtime.recordedExit(row.id)) ?? { code: unknownExit, at: new Date().toISOString() };
}

/** Writes the exit down before the supervisor's record of it goes, since a crash in between would lose it. */
export async function noteExit(
  parts: Pick<Parts, "store" | "processes">,
  runtime: Pick<Runtime, "recordedExit">,
  row: ContainerRow,
): Promise<ContainerRow> {
  const { store } = parts;
  const exit = await exitOf(parts, runtime, row);
  if (exit === undefined) return row;
  return store.unsyncedTransaction(() => {
    const current = store.containers.resolve(row.id);
    const ended = { ...current.container, ...outcome(exit) };
    const noted: ContainerRow = { ...current, container: ended };
    store.containers.update(noted);
    return noted;
  });
}
