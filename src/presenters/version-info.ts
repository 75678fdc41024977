import type { SystemInfo } from "../api/index.js";
import { printable } from "../errors/printable.js";

/** What runs tsd, which it does not ask itself. */
export interface Machine {
  readonly arch: string;
  readonly hostname: string;
  /** As uname(2) has it: `x86_64`. */
  readonly hardware: string;
  /** Its name and its version, as os-release(5) has them; empty where it has none. */
  readonly system: { readonly name: string; readonly version: string };
  readonly processors: number;
  /** Bytes. */
  readonly memory: number;
}

/** docker's name for an architecture of Node.js'. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** `docker version` in its shape. Client and server are one program here. */
export function versionInfo(info: SystemInfo, { arch }: Machine): Readonly<Record<string, unknown>> {
  const both = {
    Version: info.version,
    ApiVersion: String(info.apiVersion),
    Os: "linux",
    Arch: architectures[arch] ?? arch,
    GitCommit: "",
    GoVersion: `${info.javascript.runtime} ${info.javascript.version}`,
    BuildTime: "",
  };
  return {
    Client: { Platform: { Name: "tsd" }, ...both, DefaultAPIVersion: both.ApiVersion, Context: "default" },
    Server: {
      Platform: { Name: "tsd" },
      Components: [
        {
          Name: "Engine",
          Version: info.version,
          Details: { KernelVersion: info.kernel, Os: "linux", Arch: both.Arch },
        },
        ...programsOf(info).map(([name, version]) => ({ Name: name, Version: version, Details: {} })),
      ],
      ...both,
      MinAPIVersion: both.ApiVersion,
      KernelVersion: info.kernel,
    },
  };
}

/** What the engine says of itself by docker's API (`SystemVersion`), whose versions it speaks. */
export function engineVersion(
  info: SystemInfo,
  { arch }: Machine,
  api: { readonly newest: string; readonly oldest: string },
): Readonly<Record<string, unknown>> {
  const said = {
    ApiVersion: api.newest,
    MinAPIVersion: api.oldest,
    Os: "linux",
    Arch: architectures[arch] ?? arch,
    KernelVersion: info.kernel,
    GitCommit: "",
    GoVersion: `${info.javascript.runtime} ${info.javascript.version}`,
    BuildTime: "",
  };
  return {
    Platform: { Name: "tsd" },
    Components: [
      { Name: "Engine", Version: info.version, Details: { ...said, Experimental: "false" } },
      ...programsOf(info).map(([name, version]) => ({ Name: name, Version: version, Details: {} })),
    ],
    Version: info.version,
    ...said,
  };
}

/** Programs that tsd runs, with their versions. */
function programsOf({ runtime }: SystemInfo): readonly (readonly [name: string, version: string])[] {
  return Object.entries(runtime).filter(([name]) => name !== "problem" && name !== "cgroups");
}

/** The first of them: what runs containers. */
function runtimeOf(info: SystemInfo): string {
  return programsOf(info).find(([name]) => name !== "conmon")?.[0] ?? "";
}

/** `docker info` in its shape, beside tsd's own words. */
export function dockerInfo(info: SystemInfo, machine: Machine): Readonly<Record<string, unknown>> {
  return { ...info, ...facts(info, machine) };
}

/**
 * The same by docker's API (`SystemInfo`), without words of tsd's, which clients in Go take for docker's: they read keys whatever their
 * case.
 */
export function engineInfo(info: SystemInfo, machine: Machine, now: Date): Readonly<Record<string, unknown>> {
  const { cgroups = "none" } = info.runtime;
  const hasLimits = cgroups !== "none" && cgroups !== "absent";
  const limits = ["MemoryLimit", "SwapLimit", "CpuCfsPeriod", "CpuCfsQuota", "CPUShares", "CPUSet", "PidsLimit"];
  const unversioned = { ID: "", Expected: "" };
  return {
    ...facts(info, machine),
    ...Object.fromEntries(limits.map((name) => [name, hasLimits])),
    DriverStatus: [],
    Plugins: { Volume: ["local"], Network: info.drivers, Authorization: null, Log: ["json-file", "none"] },
    IPv4Forwarding: true,
    OomKillDisable: false,
    Debug: false,
    SystemTime: now.toISOString(),
    OSVersion: machine.system.version,
    Labels: [],
    GenericResources: null,
    ExperimentalBuild: false,
    Runtimes: { [runtimeOf(info)]: { path: runtimeOf(info) } },
    Swarm: {
      ...{ NodeID: "", NodeAddr: "", LocalNodeState: "inactive", ControlAvailable: false, Error: "" },
      RemoteManagers: null,
    },
    // Containers run on without the service.
    LiveRestoreEnabled: true,
    SecurityOptions: ["name=seccomp,profile=default"],
    Isolation: "",
    InitBinary: "",
    ContainerdCommit: unversioned,
    RuncCommit: unversioned,
    InitCommit: unversioned,
    Warnings: null,
  };
}

function facts(info: SystemInfo, machine: Machine): Readonly<Record<string, unknown>> {
  const { total, running } = info.containers;
  return {
    ID: machine.hostname,
    Name: machine.hostname,
    Containers: total,
    ContainersRunning: running,
    ContainersPaused: 0,
    ContainersStopped: total - running,
    Images: info.images,
    Driver: "overlay2",
    ServerVersion: info.version,
    KernelVersion: info.kernel,
    OperatingSystem: machine.system.name || "Linux",
    OSType: "linux",
    Architecture: machine.hardware,
    NCPU: machine.processors,
    MemTotal: machine.memory,
    DockerRootDir: info.root,
    DefaultRuntime: runtimeOf(info),
    CgroupDriver: "cgroupfs",
    CgroupVersion: info.runtime.cgroups === "unified" ? "2" : "1",
    LoggingDriver: "json-file",
  };
}

/** `tsd version` for people. */
export function versionText(info: SystemInfo, { arch }: Machine): string {
  const lines: readonly (readonly [string, string])[] = [
    ["Version", info.version],
    ["API version", String(info.apiVersion)],
    ["JavaScript", `${info.javascript.runtime} ${info.javascript.version}`],
    ["OS/Arch", `linux/${architectures[arch] ?? arch}`],
    ["Kernel", info.kernel],
    ...programsOf(info),
    ...Object.entries(info.runtime).filter(([name]) => name === "cgroups"),
  ];
  return lines.map(([name, value]) => `${printable(`${`${name}:`.padEnd(14)}${value}`)}\n`).join("");
}
