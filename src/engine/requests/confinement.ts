import type { ContainerSpec } from "../../api/index.js";
import { capabilityNames } from "../../contracts/capability-names.js";
import type { Confinement, DeviceRequest, DeviceRule } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { parseSecurityOptions, type SecurityOptions } from "./security-options.js";

/** What a container's words about its privileges mean by themselves: without the namespaces that it shares. */
export type OwnConfinement = Omit<Confinement, "pid" | "ipc" | "uts" | "cgroup" | "shm"> &
  Pick<SecurityOptions, "labels">;

/** Parses a user's words about what a container may do. Throws `invalid-input`. */
export function parseConfinement(spec: ContainerSpec): OwnConfinement {
  const { capAdd = [], capDrop = [], devices = [], deviceCgroupRules = [], securityOptions = [], groups = [] } = spec;
  return {
    privileged: spec.privileged ?? false,
    capAdd: capAdd.map((word) => parseCapability("--cap-add", word)),
    capDrop: capDrop.map((word) => parseCapability("--cap-drop", word)),
    devices: devices.map(parseDevice),
    deviceRules: deviceCgroupRules.map(parseDeviceRule),
    ...parseSecurityOptions(securityOptions),
    groups: groups.map(parseGroup),
    readOnly: spec.readOnly ?? false,
    init: spec.init ?? false,
  };
}

/** `NET_ADMIN`, `cap_net_admin` and `ALL`. */
function parseCapability(flag: string, word: string): string {
  const name = word.toUpperCase().replace(/^CAP_/, "");
  if (name === "ALL") return name;
  if (capabilityNames.some((known) => known === name)) return `CAP_${name}`;
  throw invalid(flag, word, "a capability such as NET_ADMIN, or ALL", "See what there is: capabilities(7).");
}

/** `HOST[:CONTAINER[:ACCESS]]`, or `HOST:ACCESS`. */
function parseDevice(text: string): DeviceRequest {
  const [source = "", second, third, ...rest] = text.split(":");
  const hasAccess = second !== undefined && third === undefined && isAccess(second);
  const target = second === undefined || second === "" || hasAccess ? source : second;
  const access = hasAccess ? second : (third ?? "rwm");
  const isPath = (path: string): boolean => /^\/[^\0]*[^/\0]$/.test(path) && !path.split("/").includes("..");
  if (rest.length === 0 && isPath(source) && isPath(target) && isAccess(access)) return { source, target, access };
  throw invalid("--device", text, "a device as HOST[:CONTAINER[:rwm]], with absolute paths", "Write /dev/net/tun.");
}

function isAccess(text: string): boolean {
  return /^[rwm]{1,3}$/.test(text) && new Set(text).size === text.length;
}

/** `c 10:200 rwm`, with `*` for any number: the line of Documentation/admin-guide/cgroup-v1/devices.rst. */
function parseDeviceRule(text: string): DeviceRule {
  const [, type, major, minor, access] = /^([abc]) (\d{1,7}|\*):(\d{1,7}|\*) ([rwm]{1,3})$/.exec(text) ?? [];
  if (type === undefined || access === undefined || !isAccess(access))
    throw invalid("--device-cgroup-rule", text, "a rule of devices", 'Write for example "c 10:200 rwm".');
  return {
    type: type as DeviceRule["type"],
    ...(major === "*" ? {} : { major: Number(major) }),
    ...(minor === "*" ? {} : { minor: Number(minor) }),
    access,
  };
}

/** What group(5) can name, or a number. */
function parseGroup(text: string): string {
  if (/^[^:,\s\0]{1,256}$/.test(text)) return text;
  throw invalid("--group-add", text, "the name or number of a group", "Name one of the container's /etc/group.");
}

function invalid(flag: string, value: string, expected: string, hint: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PRIVILEGE_INVALID",
    message: `${flag} "${value}" is not ${expected}`,
    hint,
    details: { flag, value },
  });
}
