import type { Container } from "../api/index.js";
import type { ContainerRow } from "./rows.js";

/** What a container is to others and to commands about others: what costs little to read of very many. */
export interface ContainerOutline extends Pick<ContainerRow, "id" | "state" | "owner" | "postponed"> {
  readonly container: Pick<
    Container,
    "id" | "name" | "status" | "attached" | "pid" | "pidStart" | "startedAt" | "sandbox"
  >;
  /** Whether it names other containers that it is linked to. */
  readonly hasLinks: boolean;
  /** See {@link ownsSandbox}. */
  readonly ownsSandbox: boolean;
  /** Whether a resolver is to listen in its namespace. */
  readonly hasResolver: boolean;
  /** What is done for it from time to time. */
  readonly timers: readonly ("health" | "rotation")[];
}

export function outlineOf(row: ContainerRow): ContainerOutline {
  const { id, state, owner, postponed, container, requests } = row;
  const { name, status, attached, pid, pidStart, startedAt, sandbox, spec } = container;
  return {
    ...{ id, state, owner },
    ...(postponed === undefined ? {} : { postponed }),
    container: {
      ...{ id, name, status, attached },
      ...(pid === undefined ? {} : { pid }),
      ...(pidStart === undefined ? {} : { pidStart }),
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(sandbox === undefined ? {} : { sandbox }),
    },
    hasLinks: (requests?.links ?? spec.links ?? []).length > 0,
    ownsSandbox: ownsSandbox(row),
    hasResolver: row.resources.some((one) => one.kind === "resolver" && one.isEnding !== true),
    timers: row.resources.flatMap(({ kind }) => (kind === "health" || kind === "rotation" ? kind : [])),
  };
}

/** True for the container that is responsible for its sandbox: the one that made it, or its successor. */
export function ownsSandbox({ container: { sandbox }, resources }: ContainerRow): boolean {
  return sandbox !== undefined && resources.some((one) => one.kind === "directory" && one.path === sandbox.directory);
}
