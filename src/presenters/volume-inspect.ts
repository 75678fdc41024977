import type { VolumeDetails } from "../api/index.js";

/** A volume as `docker volume inspect` shows it (Engine API, `Volume`), with the containers that have it. */
export function volumeInspect({ volume, users }: VolumeDetails): Readonly<Record<string, unknown>> {
  const { created, driver, labels, mountpoint, name, options } = volume;
  return {
    CreatedAt: created,
    Driver: driver,
    Labels: Object.keys(labels).length === 0 ? null : labels,
    Mountpoint: mountpoint,
    Name: name,
    Options: Object.keys(options).length === 0 ? null : options,
    Scope: "local",
    Containers: Object.fromEntries(users.map((user) => [user.id, { Name: user.name }])),
  };
}
