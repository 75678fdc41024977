import type { Image, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { switchFilter } from "../../filters/filter-values.js";
import { makeFilter } from "../../filters/filters.js";
import { imageFilters, withNamesAskedFor } from "../../filters/image-filters.js";
import { pruneFilter } from "../../filters/prune-filters.js";
import { imageForApi, imageHistory, imageSummary } from "../../presenters/image-summary.js";
import { refusal } from "../http/refusal.js";
import { filterWords } from "../requests/filter-words.js";
import type { Call, Route } from "../router.js";

/** Images that are here. */
export const imageRoutes: readonly Route[] = [
  { method: "GET", path: "/images/json", handler: list },
  { method: "POST", path: "/images/prune", handler: prune },
  { method: "GET", path: "/images/{name*}/json", handler: inspect },
  { method: "GET", path: "/images/{name*}/history", handler: history },
  { method: "POST", path: "/images/{name*}/tag", handler: tag },
  { method: "DELETE", path: "/images/{name*}", handler: remove },
];

function list({ exchange, minor, tsd: { images } }: Call): void {
  const words = filterWords(exchange.query.filters());
  const matches = makeFilter(words, imageFilters, { images, now: Date.now() });
  const shown = images.list().filter(matches);
  exchange.json(
    200,
    shown.map((image) => imageSummary(withNamesAskedFor(image, words), minor)),
  );
}

function inspect({ exchange, minor, param, tsd }: Call): void {
  exchange.json(200, imageForApi(tsd.images.inspect(param("name")), minor));
}

async function history({ exchange, param, tsd: { images } }: Call): Promise<void> {
  const image = images.get(param("name"));
  exchange.json(200, imageHistory(await images.history(image.id), image));
}

async function tag({ exchange, param, tsd }: Call): Promise<void> {
  const { query } = exchange;
  const [repository, word] = [query.text("repo"), query.text("tag")];
  if (repository === undefined) throw refusal(400, "repo is missing: the new name of the image");
  await tsd.images.tag(param("name"), word === undefined ? repository : `${repository}:${word}`);
  exchange.empty(201);
}

interface Removed {
  readonly Untagged?: string;
  readonly Deleted?: string;
}

async function remove({ exchange, param, tsd: { images } }: Call): Promise<void> {
  const before = images.get(param("name"));
  const left = await images.remove(param("name"), { force: exchange.query.flag("force") });
  const untagged = before.names.filter((name) => !left.names.includes(name));
  exchange.json(200, [
    ...untagged.map((Untagged) => ({ Untagged })),
    ...(isHere(images, before) ? [] : [gone(before)]),
  ]);
}

function isHere(images: Tsd["images"], { id }: Image): boolean {
  try {
    return images.get(id).id === id;
  } catch (error) {
    if (TsdError.is(error, "not-found")) return false;
    throw error;
  }
}

function gone({ id }: Image): Removed {
  return { Deleted: `sha256:${id}` };
}

async function prune({ exchange, tsd }: Call): Promise<void> {
  const { dangling = [], ...others } = exchange.query.filters();
  const all = dangling.some((value) => !switchFilter("dangling", value));
  const matches = pruneFilter(filterWords(others), Date.now());
  const { removed, bytes } = await tsd.images.prune({
    all,
    isMeant: ({ config, created }) => matches({ labels: config.labels ?? {}, created }),
  });
  const lines = removed.flatMap((image): Removed[] => [...image.names.map((Untagged) => ({ Untagged })), gone(image)]);
  exchange.json(200, { ImagesDeleted: lines, SpaceReclaimed: bytes });
}
