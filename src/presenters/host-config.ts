import type { ContainerDetails, ContainerSpec, MountSpec } from "../api/index.js";
import { portMap } from "./port-list.js";
import { requestedPorts } from "./requested-ports.js";
import { goMap } from "./template/go-map.js";

const MIB = 1024 * 1024;

/** docker's `HostConfig` of a container (Engine API): what it may have of the host, and what a user asked for. */
export function hostConfig(details: ContainerDetails): Readonly<Record<string, unknown>> {
  const { container, endpoints } = details;
  const { spec, runtime } = container;
  return {
    Binds: spec.volumes ?? [],
    ContainerIDFile: "",
    LogConfig: logConfig(spec),
    NetworkMode: spec.networks?.[0]?.network ?? endpoints[0]?.network ?? "default",
    PortBindings: goMap({ ...portMap(endpoints.map(({ endpoint }) => endpoint)), ...requestedPorts(spec) }),
    RestartPolicy: { Name: spec.restart?.name ?? "no", MaximumRetryCount: spec.restart?.retries ?? 0 },
    AutoRemove: spec.autoRemove ?? false,
    VolumeDriver: "",
    VolumesFrom: spec.volumesFrom ?? null,
    ...privileges(spec),
    Dns: spec.dns ?? [],
    DnsOptions: spec.dnsOptions ?? [],
    DnsSearch: spec.dnsSearch ?? [],
    ExtraHosts: spec.addHosts ?? null,
    Links: spec.links ?? null,
    PublishAllPorts: spec.publishAll ?? false,
    Sysctls: goMap(spec.sysctls),
    Runtime: runtime ?? "",
    Mounts: (spec.mounts ?? []).map(mount),
    Tmpfs: goMap(Object.fromEntries((spec.tmpfs ?? []).map(tmpfs))),
    ...limits(spec),
    ...unasked,
  };
}

/** What no container of tsd's is asked for, as docker shows what nobody asked for. */
const unasked = {
  ...{ Cgroup: "", CgroupParent: "", ConsoleSize: [0, 0], Isolation: "", DeviceRequests: null },
  ...{ BlkioWeightDevice: null, BlkioDeviceReadBps: null, BlkioDeviceWriteBps: null },
  ...{ BlkioDeviceReadIOps: null, BlkioDeviceWriteIOps: null, CpuRealtimePeriod: 0, CpuRealtimeRuntime: 0 },
  ...{ CpuCount: 0, CpuPercent: 0, IOMaximumIOps: 0, IOMaximumBandwidth: 0 },
  ...{ MemorySwappiness: null, OomKillDisable: false },
};

function logConfig({ log }: ContainerSpec): Readonly<Record<string, unknown>> {
  return {
    Type: log?.driver ?? "json-file",
    Config: goMap({
      ...(log?.maxSize === undefined ? {} : { "max-size": String(log.maxSize) }),
      ...(log?.maxFiles === undefined ? {} : { "max-file": String(log.maxFiles) }),
    }),
  };
}

function privileges(spec: ContainerSpec): Readonly<Record<string, unknown>> {
  return {
    CapAdd: spec.capAdd ?? null,
    CapDrop: spec.capDrop ?? null,
    CgroupnsMode: spec.cgroupns ?? "private",
    GroupAdd: spec.groups ?? null,
    IpcMode: spec.ipc ?? "private",
    PidMode: spec.pid ?? "",
    UTSMode: spec.uts ?? "",
    UsernsMode: "",
    Privileged: spec.privileged ?? false,
    ReadonlyRootfs: spec.readOnly ?? false,
    SecurityOpt: spec.securityOptions ?? null,
    Init: spec.init ?? false,
    Devices: (spec.devices ?? []).map(device),
    DeviceCgroupRules: spec.deviceCgroupRules ?? null,
  };
}

function limits(spec: ContainerSpec): Readonly<Record<string, unknown>> {
  return {
    Memory: spec.memory ?? 0,
    MemorySwap: spec.memorySwap ?? (spec.memory === undefined ? 0 : 2 * spec.memory),
    MemoryReservation: spec.memoryReservation ?? 0,
    NanoCpus: Math.round((spec.cpus ?? 0) * 1e9),
    CpuShares: spec.cpuShares ?? 0,
    CpuQuota: spec.cpuQuota ?? 0,
    CpuPeriod: spec.cpuPeriod ?? 0,
    CpusetCpus: spec.cpuset ?? "",
    CpusetMems: spec.cpusetMems ?? "",
    PidsLimit: spec.pidsLimit ?? 4096,
    BlkioWeight: spec.blkioWeight ?? 0,
    OomScoreAdj: spec.oomScoreAdj ?? 0,
    Ulimits: (spec.ulimits ?? []).map(({ name, soft, hard }) => ({ Name: name, Hard: hard, Soft: soft })),
    ShmSize: spec.shmSize ?? 64 * MIB,
  };
}

/** `HOST[:CONTAINER[:rwm]]`. */
function device(text: string): Readonly<Record<string, string>> {
  const [host = "", second = host, third] = text.split(":");
  const isRights = /^[rwm]+$/.test(second);
  return {
    PathOnHost: host,
    PathInContainer: isRights ? host : second,
    CgroupPermissions: third ?? (isRights ? second : "rwm"),
  };
}

function tmpfs(text: string): readonly [string, string] {
  const [target = ""] = text.split(":", 1);
  return [target, text.slice(target.length + 1)];
}

function mount({ type, source, target, readOnly, propagation }: MountSpec): Readonly<Record<string, unknown>> {
  return {
    Type: type,
    ...(source === undefined ? {} : { Source: source }),
    Target: target,
    ...(readOnly ? { ReadOnly: true } : {}),
    ...(propagation === undefined ? {} : { BindOptions: { Propagation: propagation } }),
  };
}
