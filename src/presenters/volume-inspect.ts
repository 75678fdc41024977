import type { Volume, VolumeDetails } from "../api/index.js";

type Json = Readonly<Record<string, unknown>>;

/** A volume as `docker volume inspect` shows it (Engine API, `Volume`), with the containers that have it. */
export function volumeInspect({ volume, users }: VolumeDetails): Json {
  return {
    ...volumeFields(volume),
    Containers: Object.fromEntries(users.map((user) => [user.id, { Name: user.name }])),
  };
}

/** What docker shows of a volume wherever it shows one. */
export function volumeFields({ created, driver, labels, mountpoint, name, options }: Volume): Json {
  return {
    CreatedAt: created,
    Driver: driver,
    Labels: Object.keys(labels).length === 0 ? null : labels,
    Mountpoint: mountpoint,
    Name: name,
    Options: Object.keys(options).length === 0 ? null : options,
    Scope: "local",
  };
}
