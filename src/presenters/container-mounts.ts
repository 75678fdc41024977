import type { RequestedMount } from "./requested-mounts.js";

/** docker's `Mounts` of a container (Engine API, `MountPoint`). */
export function mountPoints(mounts: readonly RequestedMount[]): readonly Readonly<Record<string, unknown>>[] {
  return mounts.map(({ type, name, source = "", target, readOnly, propagation = "" }) => ({
    Type: type,
    ...(name === undefined ? {} : { Name: name }),
    Source: source,
    Destination: target,
    ...(type === "volume" ? { Driver: "local" } : {}),
    Mode: readOnly ? "ro" : "",
    RW: !readOnly,
    Propagation: propagation,
  }));
}
