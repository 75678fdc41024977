import type { ContainerStorage, MountSpec } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import type { Field } from "../../contracts/json-field.js";
import { entriesOf, flagOf, listOf, mapOf, numberOf, objectOf, textOf, textsOf } from "./fields.js";

/** What a container sees in its file system beside its image: of the body, and of its `HostConfig`. */
export function storageOf(body: Field, host: Field): ContainerStorage {
  const binds = textsOf(host, "Binds") ?? [];
  const mounts = listOf(host, "Mounts", mount);
  const taken = new Set([...binds.map((bind) => bind.split(":")[1]), ...mounts.map(({ target }) => target)]);
  // Clients name the places of binds here once more.
  const anonymous = entriesOf(body, "Volumes", () => undefined).flatMap(([path]) => (taken.has(path) ? [] : [path]));
  const volumes = [...binds, ...anonymous];
  const tmpfs = Object.entries(mapOf(host, "Tmpfs") ?? {});
  return {
    ...optional("volumes", volumes.length === 0 ? undefined : volumes),
    ...optional("mounts", mounts.length === 0 ? undefined : mounts),
    ...optional(
      "tmpfs",
      tmpfs.length === 0 ? undefined : tmpfs.map(([path, options]) => `${path}${options && `:${options}`}`),
    ),
    ...optional("volumesFrom", textsOf(host, "VolumesFrom")),
  };
}

function mount(field: Field): MountSpec {
  const [bind, volume, tmpfs] = ["BindOptions", "VolumeOptions", "TmpfsOptions"].map((name) => objectOf(field, name));
  return {
    type: (textOf(field, "Type") ?? "volume") as MountSpec["type"],
    ...optional("source", textOf(field, "Source")),
    target: textOf(field, "Target") ?? "",
    ...optional("readOnly", flagOf(field, "ReadOnly") ? true : undefined),
    ...(bind === undefined ? {} : bindOptions(bind)),
    ...optional("noCopy", volume !== undefined && flagOf(volume, "NoCopy") ? true : undefined),
    ...optional("subpath", volume && textOf(volume, "Subpath")),
    ...optional("size", tmpfs && numberOf(tmpfs, "SizeBytes")),
    ...optional("mode", tmpfs && numberOf(tmpfs, "Mode")),
  };
}

function bindOptions(bind: Field): Partial<MountSpec> {
  return {
    ...optional("propagation", textOf(bind, "Propagation")),
    ...optional("nonRecursive", flagOf(bind, "NonRecursive") ? true : undefined),
    ...optional("createSource", flagOf(bind, "CreateMountpoint") ? true : undefined),
  };
}
