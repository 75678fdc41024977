import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { FileChange, Tsd } from "../../api/index.js";
import { monotonicTime } from "../../contracts/clock.js";
import { TsdError } from "../../errors/tsd-error.js";
import { engineStats, type Measured } from "../../presenters/engine-stats.js";
import { pour } from "../http/pour.js";
import type { Call, Route } from "../router.js";

/** What can be seen of a container from outside: processes, what it uses, what it has changed. */
export const lookRoutes: readonly Route[] = [
  { method: "GET", path: "/containers/{id}/top", handler: top },
  { method: "GET", path: "/containers/{id}/stats", handler: stats, waits: true },
  { method: "GET", path: "/containers/{id}/changes", handler: changes },
  { method: "GET", path: "/containers/{id}/export", handler: exportFiles },
];

/** Milliseconds between two looks, as docker's. */
const REFRESH = 1000;

/** docker's numbers. */
const kinds: Readonly<Record<FileChange["kind"], number>> = { changed: 0, added: 1, deleted: 2 };

async function top({ exchange, param, tsd }: Call): Promise<void> {
  const options = exchange.query.text("ps_args")?.split(/\s+/).filter(Boolean);
  const { titles, processes } = await tsd.containers.top(param("id"), options);
  exchange.json(200, { Titles: titles, Processes: processes });
}

async function stats({ exchange, param, tsd }: Call): Promise<void> {
  const { query, left } = exchange;
  const { id } = tsd.containers.inspect(param("id")).container;
  const isStream = query.flagOr("stream", true);
  const looks = looksAt(tsd, id, left);
  if (isStream) return pour(looks, exchange.stream("application/json"), left);
  const first = await looks.next();
  // The second look knows what was used between both.
  const shown = query.flag("one-shot") ? first : await looks.next();
  await looks.return(undefined);
  exchange.stream("application/json").end(shown.value ?? first.value);
}

/** A line of JSON for each look, until the container is removed. One that does not run uses nothing. */
async function* looksAt(tsd: Tsd, id: string, left: AbortSignal): AsyncGenerator<string, undefined> {
  let earlier: Measured | undefined;
  for (;;) {
    const container = containerOf(tsd, id);
    if (container === undefined) return undefined;
    const now = await measure(tsd, id);
    yield `${JSON.stringify(engineStats(container, now, earlier))}\n`;
    earlier = now;
    await sleep(REFRESH, undefined, { signal: left });
  }
}

function containerOf({ containers }: Tsd, id: string): { readonly id: string; readonly name: string } | undefined {
  try {
    return containers.inspect(id).container;
  } catch (error) {
    if (TsdError.is(error, "not-found")) return undefined;
    throw error;
  }
}

async function measure({ containers }: Tsd, id: string): Promise<Measured | undefined> {
  const [stats] = await containers.statsOf([id]);
  const processors = availableParallelism();
  return stats === undefined
    ? undefined
    : { stats, processors, processorTime: Math.round(monotonicTime() * 1e6) * processors };
}

async function changes({ exchange, param, tsd }: Call): Promise<void> {
  const found = await tsd.containers.changes(param("id"));
  exchange.json(
    200,
    found.map(({ kind, path }) => ({ Path: path, Kind: kinds[kind] })),
  );
}

async function exportFiles({ exchange, param, tsd }: Call): Promise<void> {
  const archive = await tsd.containers.exportFiles(param("id"));
  await pour(archive, exchange.stream("application/x-tar"), exchange.left);
}
