import { optional } from "../../commands/optional.js";
import { pruneFilter } from "../../filters/prune-filters.js";
import { refusal } from "../http/refusal.js";
import { objectOf } from "../requests/fields.js";
import { filterWords } from "../requests/filter-words.js";
import { restartPolicy } from "../requests/life.js";
import { changedLimitsOf } from "../requests/limits.js";
import type { Call, Route } from "../router.js";

/** What happens to containers between their start and their end. */
export const lifeRoutes: readonly Route[] = [
  { method: "POST", path: "/containers/{id}/stop", handler: stop },
  { method: "POST", path: "/containers/{id}/restart", handler: restart },
  { method: "POST", path: "/containers/{id}/kill", handler: kill },
  { method: "POST", path: "/containers/{id}/pause", handler: pause },
  { method: "POST", path: "/containers/{id}/unpause", handler: unpause },
  { method: "POST", path: "/containers/{id}/rename", handler: rename },
  { method: "POST", path: "/containers/{id}/resize", handler: resize, reads: true },
  { method: "POST", path: "/containers/{id}/update", handler: update },
  { method: "POST", path: "/containers/prune", handler: prune },
];

/** How a container is to be ended: what of it the query says. */
function ending({ exchange: { query } }: Call): { readonly timeout?: number; readonly stopSignal?: string } {
  return { ...optional("timeout", query.integer("t")), ...optional("stopSignal", query.text("signal")) };
}

async function stop(call: Call): Promise<void> {
  const { exchange, param, tsd } = call;
  const { container } = tsd.containers.inspect(param("id"));
  const isOver = container.status === "created" || container.status === "exited";
  if (!isOver) await tsd.containers.stop(container.id, ending(call));
  exchange.empty(isOver ? 304 : 204);
}

async function restart(call: Call): Promise<void> {
  const { exchange, param, tsd } = call;
  await tsd.containers.restart(param("id"), ending(call));
  exchange.empty(204);
}

async function kill({ exchange, param, tsd }: Call): Promise<void> {
  await tsd.containers.kill(param("id"), exchange.query.text("signal") ?? "KILL");
  exchange.empty(204);
}

async function pause({ exchange, param, tsd }: Call): Promise<void> {
  await tsd.containers.pause(param("id"));
  exchange.empty(204);
}

async function unpause({ exchange, param, tsd }: Call): Promise<void> {
  await tsd.containers.unpause(param("id"));
  exchange.empty(204);
}

async function rename({ exchange, param, tsd }: Call): Promise<void> {
  const name = exchange.query.text("name");
  if (name === undefined) throw refusal(400, "Neither old nor new names may be empty");
  await tsd.containers.rename(param("id"), name);
  exchange.empty(204);
}

async function resize({ exchange, param, tsd }: Call): Promise<void> {
  const [rows = 0, columns = 0] = [exchange.query.integer("h"), exchange.query.integer("w")];
  await tsd.containers.resize(param("id"), { rows, columns });
  exchange.empty(200);
}

async function update({ exchange, param, tsd }: Call): Promise<void> {
  const body = await exchange.body();
  const restart = restartPolicy(objectOf(body, "RestartPolicy"));
  await tsd.containers.update(param("id"), { ...changedLimitsOf(body), ...optional("restart", restart) });
  exchange.json(200, { Warnings: [] });
}

async function prune({ exchange, tsd }: Call): Promise<void> {
  const matches = pruneFilter(filterWords(exchange.query.filters()), Date.now());
  const { removed, bytes } = await tsd.containers.prune(({ spec: { labels = {} }, created }) =>
    matches({ labels, created }),
  );
  exchange.json(200, { ContainersDeleted: removed.map(({ id }) => id), SpaceReclaimed: bytes });
}
