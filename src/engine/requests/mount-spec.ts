import { posix } from "node:path";
import type { MountSpec } from "../../api/index.js";
import type { MountRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { tmpfsOptions } from "./tmpfs-spec.js";
import { isVolumeName } from "./volume-name.js";

const propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

/** Which fields belong to which type of mount alone. */
const fieldsOf: Readonly<Record<MountSpec["type"], readonly (keyof MountSpec)[]>> = {
  bind: ["propagation", "nonRecursive", "createSource"],
  volume: ["noCopy", "subpath"],
  tmpfs: ["size", "mode", "options"],
};

/** What a {@link MountSpec} asks for. Throws `invalid-input` with the value. */
export function parseMount(spec: MountSpec): MountRequest {
  const { type, source, target, readOnly = false, ...rest } = spec;
  if (!Object.hasOwn(fieldsOf, type)) throw invalid(spec, `"${type}" is no type; there are bind, volume and tmpfs`);
  for (const [other, fields] of Object.entries(fieldsOf)) {
    const foreign = other === type ? undefined : fields.find((field) => spec[field] !== undefined);
    if (foreign !== undefined) throw invalid(spec, `"${foreign}" is for mounts of type ${other}`);
  }
  if (typeof target !== "string" || !target.startsWith("/") || target.includes("\0"))
    throw invalid(spec, `target "${target}" is not an absolute path in the container`);
  const place = posix.resolve(target);
  if (place === "/") throw invalid(spec, "the root file system cannot be mounted over");
  checkSource(spec);
  if (rest.propagation !== undefined && !propagations.includes(rest.propagation))
    throw invalid(spec, `"${rest.propagation}" is no propagation; there are ${propagations.join(", ")}`);
  const common = { type, target: place, readOnly, ...(source === undefined ? {} : { source }) };
  if (type === "tmpfs") return { ...common, options: tmpfsOptions(spec) };
  return { ...rest, ...common };
}

function checkSource(spec: MountSpec): void {
  const { type, source, subpath } = spec;
  if (type === "bind" && !source?.startsWith("/"))
    throw invalid(spec, source === undefined ? "it has no source" : `source "${source}" is not an absolute path`);
  if (type === "volume" && source !== undefined && !isVolumeName(source))
    throw invalid(spec, `"${source}" is not a name for a volume`);
  if (type === "tmpfs" && source !== undefined) throw invalid(spec, "a tmpfs has no source");
  if (subpath === undefined) return;
  if (source === undefined) throw invalid(spec, "a new volume has no subpath");
  if (subpath === "" || subpath.startsWith("/") || subpath.split("/").includes(".."))
    throw invalid(spec, `subpath "${subpath}" is not a relative path within the volume`);
}

function invalid(spec: MountSpec, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_MOUNT_INVALID",
    message: `cannot mount at "${spec.target}": ${why}`,
    hint: "Write for example --mount type=volume,source=data,target=/data,readonly.",
    details: { mount: spec },
  });
}
