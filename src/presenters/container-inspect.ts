import type { Container, ContainerDetails, ContainerStatus } from "../api/index.js";
import { networkSettings } from "./network-settings.js";
import { portMap } from "./port-list.js";
import { shortId } from "./short-id.js";

/** Docker's word for a time that has not come (Go's zero time). */
const never = "0001-01-01T00:00:00Z";

/** Docker knows no steps under way: a container runs from its start to its end. */
const dockerStatus: Readonly<Record<ContainerStatus, string>> = {
  created: "created",
  starting: "created",
  running: "running",
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
    Platform: "linux",
    HostConfig: hostConfig(details),
    Config: config(details),
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
    Running: status === "running",
    Pid: container.pid ?? 0,
    ExitCode: container.exitCode ?? 0,
    StartedAt: container.startedAt ?? never,
    FinishedAt: container.finishedAt ?? never,
  };
}

function hostConfig({ container: { spec }, endpoints }: ContainerDetails): Readonly<Record<string, unknown>> {
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
    Memory: spec.memory ?? 0,
    NanoCpus: Math.round((spec.cpus ?? 0) * 1e9),
    CpusetCpus: spec.cpuset ?? "",
  };
}

function config(details: ContainerDetails): Readonly<Record<string, unknown>> {
  const { id, spec, command, stopSignal, sandbox } = details.container;
  return {
    Hostname: sandbox?.hostname ?? spec.hostname ?? shortId(id),
    Domainname: spec.domainname ?? "",
    ExposedPorts: exposedPorts(details),
    User: spec.user ?? "",
    Tty: spec.tty ?? false,
    OpenStdin: spec.interactive ?? false,
    Env: spec.env ?? [],
    Cmd: spec.command ?? command,
    Image: spec.image ?? spec.rootfs ?? "",
    WorkingDir: spec.workdir ?? "",
    Entrypoint: spec.entrypoint ?? [],
    Labels: spec.labels ?? {},
    StopSignal: stopSignal,
  };
}

/** Ports exposed at creation, ranges taken apart, and all that are published. Those of the image are the image's to show. */
function exposedPorts({ container: { spec }, endpoints }: ContainerDetails): Readonly<Record<string, object>> {
  const exposed = (spec.expose ?? []).flatMap((text) => {
    const [range = "", protocol = "tcp"] = text.split("/");
    const [first, last = first] = range.split("-").map(Number);
    if (first === undefined || last === undefined) return [];
    return Array.from({ length: last - first + 1 }, (_, offset) => `${first + offset}/${protocol}`);
  });
  const published = Object.keys(portMap(endpoints.map(({ endpoint }) => endpoint)));
  return Object.fromEntries([...exposed, ...published].map((port) => [port, {}]));
}
