import { optional } from "../../commands/optional.js";
import { TsdError } from "../../errors/tsd-error.js";
import { switchFilter } from "../../filters/filter-values.js";
import { makeFilter } from "../../filters/filters.js";
import { pruneFilter } from "../../filters/prune-filters.js";
import { volumeFilters } from "../../filters/volume-filters.js";
import { volumeInspect } from "../../presenters/volume-inspect.js";
import { mapOf, textOf } from "../requests/fields.js";
import { filterWords } from "../requests/filter-words.js";
import type { Call, Route } from "../router.js";

export const volumeRoutes: readonly Route[] = [
  { method: "GET", path: "/volumes", handler: list },
  { method: "POST", path: "/volumes/create", handler: create },
  { method: "POST", path: "/volumes/prune", handler: prune },
  { method: "GET", path: "/volumes/{name}", handler: inspect },
  { method: "DELETE", path: "/volumes/{name}", handler: remove },
];

function list({ exchange, tsd }: Call): void {
  const matches = makeFilter(filterWords(exchange.query.filters()), volumeFilters, undefined);
  exchange.json(200, { Volumes: tsd.volumes.list().filter(matches).map(volumeInspect), Warnings: [] });
}

function inspect({ exchange, param, tsd }: Call): void {
  exchange.json(200, volumeInspect(tsd.volumes.inspect(param("name"))));
}

async function create({ exchange, tsd }: Call): Promise<void> {
  const body = await exchange.body();
  const volume = await tsd.volumes.create({
    ...optional("name", textOf(body, "Name")),
    ...optional("driver", textOf(body, "Driver")),
    ...optional("options", mapOf(body, "DriverOpts")),
    ...optional("labels", mapOf(body, "Labels")),
  });
  exchange.json(201, volumeInspect({ volume, users: [] }));
}

async function remove({ exchange, param, tsd }: Call): Promise<void> {
  try {
    await tsd.volumes.remove(param("name"));
  } catch (error) {
    if (!exchange.query.flag("force") || !TsdError.is(error, "not-found")) throw error;
  }
  exchange.empty(204);
}

/** Before 1.42 docker removed those that have a name, too. */
async function prune({ exchange, minor, tsd }: Call): Promise<void> {
  const { all: asked = [], ...others } = exchange.query.filters();
  const all = minor < 42 || asked.some((value) => switchFilter("all", value));
  const isMeant = pruneFilter(filterWords(others), Date.now());
  const { removed, bytes } = await tsd.volumes.prune({ all, isMeant });
  exchange.json(200, { VolumesDeleted: removed.map(({ name }) => name), SpaceReclaimed: bytes });
}
