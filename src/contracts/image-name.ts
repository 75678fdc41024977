/** The parts of an image's name, `[HOST/]PATH[:TAG]`, docker.io's own prefixes left away. */
interface ImageNameParts {
  readonly host: string | undefined;
  /** Names between slashes. */
  readonly components: readonly string[];
  readonly tag: string;
}

/**
 * The form in which names of images are kept, printed and looked up, docker's familiar one: tag `latest` where none is given,
 * and docker.io's prefixes left away. `busybox`, `library/busybox`, `docker.io/busybox` and
 * `index.docker.io/library/busybox:latest` are all `busybox:latest`. Whether the name is a good one is not asked.
 */
export function familiarImageName(name: string): string {
  const { host, components, tag } = splitImageName(name);
  return `${[...(host === undefined ? [] : [host]), ...components].join("/")}:${tag}`;
}

export function splitImageName(name: string): ImageNameParts {
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const path = (colon < 0 ? name : name.slice(0, colon)).split("/");
  const tag = colon < 0 ? "latest" : name.slice(colon + 1);
  const [first = "", ...rest] = path;
  if (!isHost(path)) return { host: undefined, components: withoutLibrary(path), tag };
  if (first === "docker.io" || first === "index.docker.io")
    return { host: undefined, components: withoutLibrary(rest), tag };
  return { host: first, components: rest, tag };
}

/** As docker reads it: the first of several components is a host if a path could not look so. */
function isHost([first = "", ...rest]: readonly string[]): boolean {
  if (rest.length === 0) return false;
  return (first.includes(".") && !first.startsWith(".")) || first.includes(":") || first === "localhost";
}

function withoutLibrary(components: readonly string[]): readonly string[] {
  const [first, only, ...more] = components;
  return first === "library" && only !== undefined && more.length === 0 ? [only] : components;
}
