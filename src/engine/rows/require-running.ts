import type { ContainerRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { asSeen } from "./active-container.js";

/** The row of a container that runs. Throws `conflict` for another. */
export function requireRunning({ store, processes }: Pick<Parts, "store" | "processes">, ref: string): ContainerRow {
  const row = store.containers.resolve(ref);
  const { name, status } = asSeen(processes, row);
  if (status === "running") return row;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_NOT_RUNNING",
    message: `container "${name}" is not running, but ${status}`,
    hint: `Start it: tsd start ${name}`,
    details: { container: row.id, status },
  });
}
