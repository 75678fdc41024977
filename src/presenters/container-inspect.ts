import type { Container, ContainerDetails, ContainerStatus } from "../api/index.js";
import { containerConfig } from "./container-config.js";
import { lifeConfig, lifeState } from "./container-status.js";
import { networkSettings } from "./network-settings.js";
import { portMap } from "./port-list.js";

/** Docker's word for a time that has not come (Go's zero time). */
const never = "0001-01-01T00:00:00Z";

/** Docker knows no steps under way: a container runs from its start to its end. */
const dockerStatus: Readonly<Record<ContainerStatus, string>> = {
  created: "created",
  starting: "created",
  running: "running",
  restarting: "restarting",
  stopping: "running",
  exited: "exited",
};

/** A container as `docker inspect` shows it (Engine API, `ContainerInspect`), as far as tsd has what is shown. */
export function containerInspect(details: ContainerDetails): Readonly<Record<string, unknown>> {
  const { container } = details;
  const [path = "", ...args] = container.command;
  return {
    Id: container.id,
    Created: container.created,
    Path: path,
    Args: args,
    State: state(container),
    Image: container.imageId === undefined ? "" : `sha256:${container.imageId}`,
    ResolvConfPath: fileOf(container, "resolv.conf"),
    HostnamePath: fileOf(container, "hostname"),
    HostsPath: fileOf(container, "hosts"),
    Name: `/${container.name}`,
    RestartCount: container.restartCount ?? 0,
    Platform: "linux",
    HostConfig: hostConfig(details),
    Config: containerConfig(details),
    NetworkSettings: networkSettings(details),
  };
}

function fileOf({ sandbox }: Container, name: string): string {
  return sandbox === undefined ? "" : `${sandbox.directory}/${name}`;
}

function state(container: Container): Readonly<Record<string, unknown>> {
  const status = dockerStatus[container.status];
  return {
    Status: status,
    Running: status === "running" || status === "restarting",
    OOMKilled: container.outOfMemory ?? false,
    Pid: container.pid ?? 0,
    ExitCode: container.exitCode ?? 0,
    StartedAt: container.startedAt ?? never,
    FinishedAt: container.finishedAt ?? never,
    ...lifeState(container),
  };
}

function hostConfig({ container, endpoints }: ContainerDetails): Readonly<Record<string, unknown>> {
  const { spec } = container;
  return {
    Binds: spec.volumes ?? [],
    NetworkMode: spec.networks?.[0]?.network ?? endpoints[0]?.network ?? "default",
    PublishAllPorts: spec.publishAll ?? false,
    Links: spec.links ?? null,
    Dns: spec.dns ?? [],
    DnsSearch: spec.dnsSearch ?? [],
    DnsOptions: spec.dnsOptions ?? [],
    ExtraHosts: spec.addHosts ?? null,
    Sysctls: spec.sysctls ?? {},
    PortBindings: portMap(endpoints.map(({ endpoint }) => endpoint)),
    AutoRemove: spec.autoRemove ?? false,
    ...lifeConfig(container),
    Memory: spec.memory ?? 0,
    NanoCpus: Math.round((spec.cpus ?? 0) * 1e9),
    CpusetCpus: spec.cpuset ?? "",
  };
}
