import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerPrivileges } from "../../api/index.js";
import { repeated } from "../definitions.js";
import { parseLabels } from "../flag-values.js";
import { refuseForeignWords } from "../foreign-words.js";
import { optional } from "../optional.js";
import { readSecurityOption } from "../security-option.js";
import type { Surroundings } from "../surroundings.js";

const sharedValue = "host|container:NAME|private";

/** What of the host a new container sees and may do. */
export const privilegeFlags = {
  privileged: Flags.boolean({ description: "Give it all capabilities and devices, and mask nothing." }),
  "cap-add": Flags.string({
    description: "Give its root a capability, NET_ADMIN or ALL; may be repeated.",
    helpValue: "NAME",
    ...repeated,
  }),
  "cap-drop": Flags.string({ description: "Take one away, likewise.", helpValue: "NAME", ...repeated }),
  device: Flags.string({
    description: "Give it a device of the host, or all of a directory; may be repeated.",
    helpValue: "HOST[:CONTAINER[:rwm]]",
    ...repeated,
  }),
  "device-cgroup-rule": Flags.string({
    description: 'Let it open devices by their numbers, "c 10:200 rwm"; may be repeated.',
    helpValue: "RULE",
    ...repeated,
  }),
  "security-opt": Flags.string({
    description: "no-new-privileges, seccomp=FILE, seccomp=unconfined or systempaths=unconfined; may be repeated.",
    helpValue: "OPTION",
    ...repeated,
  }),
  "group-add": Flags.string({
    description: "Another group of its process, by name or number; may be repeated.",
    helpValue: "GROUP",
    ...repeated,
  }),
  pid: Flags.string({ description: "Whose processes it sees.", helpValue: sharedValue }),
  ipc: Flags.string({
    description: "Whose shared memory it has; shareable lets others have its own.",
    helpValue: `${sharedValue}|shareable|none`,
  }),
  uts: Flags.string({ description: "Whose host name it has.", helpValue: sharedValue }),
  cgroupns: Flags.string({ description: "Whose control groups it sees.", helpValue: "host|private" }),
  "read-only": Flags.boolean({ description: "Let it not write to its root file system." }),
  init: Flags.boolean({ description: "Run a small init as its first process, tini or catatonit of the host." }),
  annotation: Flags.string({
    description: "Annotation for the OCI runtime; may be repeated.",
    helpValue: "KEY=VALUE",
    ...repeated,
  }),
  runtime: Flags.string({ description: "OCI runtime, by name or path; it keeps it.", helpValue: "NAME|PATH" }),
  userns: Flags.string({ description: "host, which is always so.", hidden: true }),
  platform: Flags.string({ description: "This machine's own.", hidden: true }),
  "cgroup-parent": Flags.string({ description: "Refused.", hidden: true }),
};

export async function privilegesOf(
  flags: Interfaces.InferredFlags<typeof privilegeFlags>,
  caller: Pick<Surroundings, "cwd">,
): Promise<ContainerPrivileges> {
  refuseForeignWords(flags);
  const options = await Promise.all((flags["security-opt"] ?? []).map((text) => readSecurityOption(text, caller)));
  return {
    ...optional("privileged", flags.privileged ? true : undefined),
    ...optional("capAdd", flags["cap-add"]),
    ...optional("capDrop", flags["cap-drop"]),
    ...optional("devices", flags.device),
    ...optional("deviceCgroupRules", flags["device-cgroup-rule"]),
    ...optional("securityOptions", options.length === 0 ? undefined : options),
    ...optional("groups", flags["group-add"]),
    ...optional("pid", flags.pid),
    ...optional("ipc", flags.ipc),
    ...optional("uts", flags.uts),
    ...optional("cgroupns", flags.cgroupns),
    ...optional("readOnly", flags["read-only"] ? true : undefined),
    ...optional("init", flags.init ? true : undefined),
    ...optional("annotations", flags.annotation && parseLabels(flags.annotation)),
    ...optional("runtime", flags.runtime),
  };
}
