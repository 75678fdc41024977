import type { Image, Tsd } from "../api/index.js";
import { switchFilter } from "./filter-values.js";
import { type FilterKeys, filterValues, labelKeys } from "./filters.js";
import { parseInstant } from "./instant.js";
import { linearPattern } from "./pattern/linear-pattern.js";

interface ImageContext {
  readonly images: Pick<Tsd["images"], "get">;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What `tsd image ls --filter` takes. */
export const imageFilters: FilterKeys<Image, ImageContext> = {
  ...labelKeys(({ config }) => config.labels ?? {}),
  before: (value, { images }) => {
    const { created } = images.get(value);
    return (image) => image.created < created;
  },
  dangling: (value) => {
    const wanted = switchFilter("dangling", value);
    return ({ names }) => (names.length === 0) === wanted;
  },
  reference: (value) => {
    const matches = referencePattern(value);
    return ({ names }) => names.some(matches);
  },
  since: (value, { images }) => {
    const { created } = images.get(value);
    return (image) => image.created > created;
  },
  until: (value, { now }) => {
    const limit = Date.parse(parseInstant("filter until", value, now));
    return ({ created }) => Date.parse(created) < limit;
  },
};

/**
 * Whether a name, `docker.io/library/busybox:1.36` or `busybox:1.36`, matches a pattern of Go's `path.Match`, with or without
 * a tag, as `tsd image ls PATTERN` takes it too.
 */
function referencePattern(pattern: string): (name: string) => boolean {
  const source = [...pattern]
    .map((mark) => {
      if (mark === "*") return "[^/]*";
      if (mark === "?") return "[^/]";
      return mark === "[" || mark === "]" || mark === "-" ? mark : mark.replace(/[\\^$.|+(){}]/, "\\$&");
    })
    .join("");
  let matches: (name: string) => boolean;
  try {
    matches = linearPattern(`^(?:${source})$`);
  } catch {
    return () => false;
  }
  return (name) => {
    const short = name.replace(/^docker\.io\/(?:library\/)?/, "");
    return [name, short].some((form) => matches(form) || matches(form.slice(0, form.lastIndexOf(":"))));
  };
}

/** The image with those of its names that `reference` filters ask for; without one, with all. */
export function withNamesAskedFor(image: Image, filters: readonly string[]): Image {
  const patterns = filterValues(filters, "reference").map(referencePattern);
  if (patterns.length === 0) return image;
  return { ...image, names: image.names.filter((name) => patterns.some((matches) => matches(name))) };
}
