import type { ContainerDetails, ContainerMount } from "../api/index.js";

/** `Mounts` of a container as `docker inspect` shows them (Engine API, `MountPoint`). */
export function containerMounts({ mounts }: ContainerDetails): readonly Readonly<Record<string, unknown>>[] {
  return mounts.map(mountPoint);
}

function mountPoint({ type, name, source = "", target, readOnly, propagation = "" }: ContainerMount) {
  return {
    Type: type,
    ...(type === "volume" ? { Name: name } : {}),
    Source: source,
    Destination: target,
    ...(type === "volume" ? { Driver: "local" } : {}),
    Mode: readOnly ? "ro" : "",
    RW: !readOnly,
    Propagation: propagation,
  };
}
