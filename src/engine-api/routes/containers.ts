import type { ContainerSize, ContainerSpec, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { containerFilters } from "../../filters/container-filters.js";
import { makeFilter } from "../../filters/filters.js";
import { containerInspect } from "../../presenters/container-inspect.js";
import { containerSummary } from "../../presenters/container-summary.js";
import { refusal } from "../http/refusal.js";
import { containerSpec } from "../requests/container-spec.js";
import { filterWords } from "../requests/filter-words.js";
import type { Call, Route } from "../router.js";

/** Containers from their creation to their removal. */
export const containerRoutes: readonly Route[] = [
  { method: "GET", path: "/containers/json", handler: list },
  { method: "POST", path: "/containers/create", handler: create },
  { method: "GET", path: "/containers/{id}/json", handler: inspect },
  { method: "DELETE", path: "/containers/{id}", handler: remove },
];

async function create({ exchange, tsd }: Call): Promise<void> {
  const { query } = exchange;
  const asked = { name: query.text("name"), platform: query.text("platform") };
  const spec = containerSpec(await exchange.body(), asked);
  const { id } = await tsd.containers.create(spec).catch((error: unknown) => {
    throw ofRequest(error, spec);
  });
  exchange.json(201, { Id: id, Warnings: [] });
}

/**
 * What a body names and is not there is the fault of the request. But clients take 404 for an image that is missing, and pull it.
 */
function ofRequest(error: unknown, { runtime }: ContainerSpec): unknown {
  const isMissing = TsdError.is(error, "not-found") && error.code !== "TSD_IMAGE_NOT_FOUND";
  const isRuntime = TsdError.is(error) && error.code === "TSD_PROGRAM_MISSING" && error.details.program === runtime;
  if (!isMissing && !isRuntime) return error;
  const { code, message, details } = error;
  return new TsdError({ kind: "invalid-input", code, message, details: { ...details, ref: undefined }, cause: error });
}

async function list({ exchange, tsd }: Call): Promise<void> {
  const { query } = exchange;
  const filters = query.filters();
  const limit = query.integer("limit") ?? 0;
  // As docker: a filter for how containers ended selects among stopped ones too.
  const all = query.flag("all") || limit > 0 || ["status", "exited"].some((key) => filters[key] !== undefined);
  const found = tsd.containers.list({ all }).filter(makeFilter(filterWords(filters), containerFilters, tsd));
  const shown = limit > 0 ? found.slice(0, limit) : found;
  const sizes = query.flag("size")
    ? await sizesOf(
        tsd,
        shown.map(({ container }) => container.id),
      )
    : undefined;
  const now = Date.now();
  exchange.json(
    200,
    shown.map((details) => containerSummary(details, now, sizes?.get(details.container.id))),
  );
}

/** One after the other: each reads all that a container wrote. One that has gone meanwhile is missing. */
async function sizesOf({ containers }: Tsd, ids: readonly string[]): Promise<ReadonlyMap<string, ContainerSize>> {
  const sizes = new Map<string, ContainerSize>();
  for (const id of ids) {
    try {
      sizes.set(id, await containers.size(id));
    } catch (error) {
      if (!TsdError.is(error, "not-found")) throw error;
    }
  }
  return sizes;
}

async function inspect({ exchange, param, tsd, service }: Call): Promise<void> {
  const details = tsd.containers.inspect(param("id"));
  const size = exchange.query.flag("size") ? await tsd.containers.size(details.container.id) : undefined;
  const sizes = size === undefined ? {} : { SizeRw: size.written, SizeRootFs: size.total };
  const execs = service.execs.of(details.container.id);
  exchange.json(200, { ...containerInspect(details, execs), ...sizes });
}

async function remove({ exchange, param, tsd }: Call): Promise<void> {
  const { query } = exchange;
  if (query.flag("link")) throw refusal(501, "tsd removes no link of a container: make the container without it");
  await tsd.containers.remove(param("id"), { force: query.flag("force"), volumes: query.flag("v") });
  exchange.empty(204);
}
