import type { ContainerPrivileges } from "../../api/index.js";
import { optional } from "../../commands/optional.js";
import type { Field } from "../../contracts/json-field.js";
import { flagOf, listOf, mapOf, textOf, textsOf } from "./fields.js";

/** What of the host a container sees and may do. */
export function privilegesOf(host: Field): ContainerPrivileges {
  const devices = listOf(host, "Devices", device);
  return {
    ...optional("privileged", flagOf(host, "Privileged") ? true : undefined),
    ...optional("capAdd", textsOf(host, "CapAdd")),
    ...optional("capDrop", textsOf(host, "CapDrop")),
    ...optional("devices", devices.length === 0 ? undefined : devices),
    ...optional("deviceCgroupRules", textsOf(host, "DeviceCgroupRules")),
    ...optional("securityOptions", textsOf(host, "SecurityOpt")),
    ...optional("groups", textsOf(host, "GroupAdd")),
    ...optional("pid", textOf(host, "PidMode")),
    ...optional("ipc", textOf(host, "IpcMode")),
    ...optional("uts", textOf(host, "UTSMode")),
    ...optional("cgroupns", textOf(host, "CgroupnsMode")),
    ...optional("readOnly", flagOf(host, "ReadonlyRootfs") ? true : undefined),
    ...optional("init", flagOf(host, "Init") ? true : undefined),
    ...optional("annotations", mapOf(host, "Annotations")),
    ...optional("runtime", textOf(host, "Runtime")),
  };
}

function device(field: Field): string {
  const [host = "", inside, rights] = ["PathOnHost", "PathInContainer", "CgroupPermissions"].map((name) =>
    textOf(field, name),
  );
  return [host, inside ?? host, ...(rights === undefined ? [] : [rights])].join(":");
}
