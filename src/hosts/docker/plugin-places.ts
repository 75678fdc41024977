import { readdirSync, statSync } from "node:fs";

/** Where plug-ins say that they are there: sockets first, then files of addresses (moby, `pkg/plugins/discovery.go`). */
export interface PluginPlaces {
  readonly sockets: string;
  readonly specs: readonly string[];
}

export const dockerPlaces: PluginPlaces = {
  sockets: "/run/docker/plugins",
  specs: ["/etc/docker/plugins", "/usr/lib/docker/plugins"],
};

/** How a plug-in is found: its socket, or a file that holds its address. */
export interface PluginPlace {
  readonly path: string;
  readonly form: "socket" | "spec" | "json";
}

/** A name reaches paths, so it has no slash and is not `..`. */
export function isPluginName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(name);
}

/** The first place of that plug-in, in docker's order; undefined where there is none. */
export function findPlugin(name: string, places: PluginPlaces = dockerPlaces): PluginPlace | undefined {
  if (!isPluginName(name)) return undefined;
  const inOrder: readonly (readonly [directory: string, form: PluginPlace["form"], suffix: string])[] = [
    [places.sockets, "socket", "sock"],
    ...places.specs.flatMap((directory) => [
      [directory, "spec", "spec"] as const,
      [directory, "json", "json"] as const,
    ]),
  ];
  for (const [directory, form, suffix] of inOrder)
    for (const path of [`${directory}/${name}.${suffix}`, `${directory}/${name}/${name}.${suffix}`]) {
      const status = statSync(path, { throwIfNoEntry: false });
      if (form === "socket" ? status?.isSocket() : status?.isFile()) return { path, form };
    }
  return undefined;
}

/** Names of all that are found, in the order of the alphabet. */
export function foundPlugins(places: PluginPlaces = dockerPlaces): readonly string[] {
  const entries = [places.sockets, ...places.specs].flatMap(namesIn);
  const names = entries.map((entry) => entry.replace(/\.(sock|spec|json)$/, ""));
  return [...new Set(names)].filter((name) => findPlugin(name, places) !== undefined).sort();
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
