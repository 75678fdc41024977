import type { Container, ContainerDetails } from "../api/index.js";
import { containerConfig } from "./container-config.js";
import { containerMounts } from "./container-mounts.js";
import { containerState } from "./container-state.js";
import { hostConfig } from "./host-config.js";
import { networkSettings } from "./network-settings.js";

/**
 * A container as `docker inspect` shows it (Engine API, `ContainerInspect`), as far as tsd has what is shown. `execs` are ids of further
 * commands in it.
 */
export function containerInspect(
  details: ContainerDetails,
  execs: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const { container } = details;
  const [path = "", ...args] = container.command;
  return {
    Id: container.id,
    Created: container.created,
    Path: path,
    Args: args,
    State: containerState(container),
    Image: container.imageId === undefined ? "" : `sha256:${container.imageId}`,
    ResolvConfPath: fileOf(container, "resolv.conf"),
    HostnamePath: fileOf(container, "hostname"),
    HostsPath: fileOf(container, "hosts"),
    LogPath: details.logPath ?? "",
    Name: `/${container.name}`,
    RestartCount: container.restartCount ?? 0,
    Driver: container.spec.rootfs === undefined ? "overlay2" : "rootfs",
    Platform: "linux",
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "",
    ExecIDs: execs.length === 0 ? null : execs,
    GraphDriver: graphDriver(details),
    HostConfig: hostConfig(details),
    Mounts: containerMounts(details),
    Config: containerConfig(details),
    NetworkSettings: networkSettings(details),
  };
}

function fileOf({ sandbox }: Container, name: string): string {
  return sandbox === undefined ? "" : `${sandbox.directory}/${name}`;
}

/** docker's `GraphDriver`: where the layers of its root file system lie. */
function graphDriver({ overlay }: ContainerDetails): Readonly<Record<string, unknown>> {
  if (overlay === undefined) return { Name: "rootfs", Data: null };
  const { lower, path, upper, work } = overlay;
  return { Name: "overlay2", Data: { LowerDir: lower.join(":"), MergedDir: path, UpperDir: upper, WorkDir: work } };
}
